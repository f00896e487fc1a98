@echo off
rem Installs the right build from the folder this file stands in. Run as administrator, or as a startup script.
setlocal
set HERE=%~dp0
set SETUP=machxa-setup-legacy-32.exe
if /i "%PROCESSOR_ARCHITECTURE%"=="AMD64" set SETUP=machxa-setup-legacy-64.exe
if /i "%PROCESSOR_ARCHITEW6432%"=="AMD64" set SETUP=machxa-setup-legacy-64.exe
ver | findstr /r /c:" 10\." >nul
if not errorlevel 1 if "%SETUP%"=="machxa-setup-legacy-64.exe" set SETUP=machxa-setup.exe
rem Nothing to do where this very installer was run already.
for %%F in ("%HERE%%SETUP%") do set MARK=%%~zF-%%~tF
set DONE=
if exist "%ProgramFiles%\machxa\cai.txt" set /p DONE=<"%ProgramFiles%\machxa\cai.txt"
if "%DONE%"=="%MARK%" exit /b 0
"%HERE%%SETUP%" /S /KIT=%HERE:~0,-1%
set RESULT=%ERRORLEVEL%
if %RESULT%==0 (echo DA CAI XONG, MACH XA DANG CHAY.) else (echo CHUA XONG, MA %RESULT%. XEM "%ProgramFiles%\machxa\setup.log")
if %RESULT%==0 >"%ProgramFiles%\machxa\cai.txt" echo %MARK%
exit /b %RESULT%

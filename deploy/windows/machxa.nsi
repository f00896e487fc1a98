; The installer: machxa-setup.exe /S /SERVER=HOST:PORT /TOKEN=... /FINGERPRINT=... [/D=C:\path]
;            or: machxa-setup.exe /S /KIT=E:\            with a folder made by machxa kit
; Built with: makensis -DVERSION=0.1.0 [-DSOURCE=dist\machxa] [-X"Target amd64-unicode"] machxa.nsi
; An update is the same: the service is stopped, files are put over the old ones, identity and outbox stay.
Unicode true
!ifndef VERSION
  !define VERSION "0.0.0"
!endif
!ifndef SOURCE
  !define SOURCE "dist\machxa"
!endif
!ifndef OUT
  !define OUT "machxa-setup-${VERSION}.exe"
!endif
!include "FileFunc.nsh"
!include "LogicLib.nsh"
!include "x64.nsh"

!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\machxa"
Name "Mach Xa"
OutFile "${OUT}"
RequestExecutionLevel admin
InstallDir "$PROGRAMFILES64\machxa"
SetCompressor /SOLID lzma
ShowInstDetails show
Page directory
Page instfiles
UninstPage uninstConfirm
UninstPage instfiles
!ifdef SIGN ; the program that signs, its options, and the file behind them: see README
  !finalize '${SIGN} "%1"'
  !uninstfinalize '${SIGN} "%1"'
!endif

Var Data
Var Server
Var Token
Var Fingerprint
Var Kit

; Run a command of the agent; what it prints goes to the list of details and into setup.log.
!macro Agent COMMAND
  nsExec::ExecToStack '"$INSTDIR\machxa-agent.exe" ${COMMAND}'
  Pop $0
  Pop $1
  DetailPrint "${COMMAND}: $0 $1"
  FileOpen $2 "$INSTDIR\setup.log" a
  FileSeek $2 0 END
  FileWriteUTF16LE $2 "${COMMAND}: $0 $1$\r$\n"
  FileClose $2
!macroend

Function .onInit
  ${If} ${RunningX64}
    SetRegView 64
  ${Else}
    StrCpy $INSTDIR "$PROGRAMFILES\machxa"
  ${EndIf}
  SetShellVarContext all
  ReadEnvStr $0 ProgramData
  StrCpy $Data "$0\machxa"
  ${GetParameters} $R0
  ${GetOptions} $R0 "/SERVER=" $Server
  ${GetOptions} $R0 "/TOKEN=" $Token
  ${GetOptions} $R0 "/FINGERPRINT=" $Fingerprint
  ${GetOptions} $R0 "/KIT=" $Kit
FunctionEnd

Section
  ${If} ${FileExists} "$INSTDIR\machxa-agent.exe"
    !insertmacro Agent "service stop"
  ${EndIf}
  SetOutPath "$INSTDIR"
  File /r "${SOURCE}\*.*"
  ; Rights of the data folder before anything secret is put there.
  !insertmacro Agent "service install"
  ${If} $0 != 0
    SetErrorLevel 3
    Abort "service install: $1"
  ${EndIf}
  ${If} $Kit != ""
    CopyFiles /SILENT "$Kit\agent.toml" "$Data"
    CopyFiles /SILENT "$Kit\token.txt" "$Data"
    CopyFiles /SILENT "$Kit\ca.pem" "$Data"
  ${ElseIf} $Server != ""
    FileOpen $2 "$Data\token.txt" w
    FileWrite $2 "$Token"
    FileClose $2
    FileOpen $2 "$Data\agent.toml" w
    FileWrite $2 'enrol_url = "https://$Server"$\r$\nenrol_token_file = "token.txt"$\r$\n'
    ${If} $Fingerprint != ""
      FileWrite $2 'enrol_ca_fingerprint = "$Fingerprint"$\r$\n'
    ${EndIf}
    FileClose $2
  ${EndIf}
  CreateDirectory "$SMPROGRAMS\Mach Xa"
  CreateShortcut "$SMPROGRAMS\Mach Xa\Bao su co.lnk" "$INSTDIR\machxa-report.exe"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  WriteRegStr HKLM "${KEY}" "DisplayName" "Mach Xa"
  WriteRegStr HKLM "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKLM "${KEY}" "Publisher" "Mach Xa"
  WriteRegStr HKLM "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKLM "${KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKLM "${KEY}" "NoModify" 1
  WriteRegDWORD HKLM "${KEY}" "NoRepair" 1
  ${If} ${FileExists} "$Data\agent.toml"
    !insertmacro Agent "service start"
    ${If} $0 != 0
      SetErrorLevel 4 ; installed; setup.log says why it does not run
    ${EndIf}
  ${EndIf}
SectionEnd

Function un.onInit
  ${If} ${RunningX64}
    SetRegView 64
  ${EndIf}
  SetShellVarContext all
  ReadEnvStr $0 ProgramData
  StrCpy $Data "$0\machxa"
FunctionEnd

; /S keeps the data folder, so that an agent installed again is the same one; /S /PURGE removes it.
Section Uninstall
  nsExec::Exec '"$INSTDIR\machxa-agent.exe" service remove'
  Pop $0
  ${GetParameters} $R0
  ClearErrors
  ${GetOptions} $R0 "/PURGE" $R1
  ${IfNot} ${Errors}
    RMDir /r "$Data"
  ${EndIf}
  RMDir /r "$SMPROGRAMS\Mach Xa"
  DeleteRegKey HKLM "${KEY}"
  RMDir /r "$INSTDIR"
SectionEnd

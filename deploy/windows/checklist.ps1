# What to look at on the first real Windows PC of a pilot. Reads only; prints what to send back. PowerShell 2 and later:
#   powershell -NoProfile -ExecutionPolicy Bypass -File checklist.ps1 > checklist.txt      (as administrator)
# It names no user, no file of a user, no document and no address; the computer's own name is left out, too.
$ErrorActionPreference = 'Continue'
$name = 'machxa-agent'
$data = Join-Path $env:ProgramData 'machxa'
$programs = Join-Path $env:ProgramFiles 'machxa'
$agent = Join-Path $programs 'machxa-agent.exe'

function Part($title, $what) {
    Write-Output ''
    Write-Output "== $title"
    try { & $what 2>&1 | Out-String -Width 200 | ForEach-Object { $_ -replace [regex]::Escape($env:COMPUTERNAME), 'PC' -replace [regex]::Escape($env:USERNAME), 'USER' } }
    catch { Write-Output "FAILED: $($_.Exception.Message)" }
}

Part 'system' { Get-WmiObject Win32_OperatingSystem | Select-Object Caption, Version, BuildNumber, OSArchitecture, TotalVisibleMemorySize | Format-List }
Part 'PowerShell' { $PSVersionTable.PSVersion.ToString() }
Part 'Fast Startup (1 is on)' { (Get-ItemProperty 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Power' -ErrorAction SilentlyContinue).HiberbootEnabled }
Part 'service: account, quoted path, delayed start' { sc.exe qc $name 1000 }
Part 'service: restricted SID expected' { sc.exe qsidtype $name }
Part 'service: SeChangeNotifyPrivilege alone expected' { sc.exe qprivs $name }
Part 'service: restarts 5000, 30000, 60000 expected' { sc.exe qfailure $name; sc.exe qfailureflag $name }
Part 'service: running expected' { sc.exe queryex $name }
Part 'programs signed' { Get-ChildItem $programs -Filter *.exe | ForEach-Object { '{0} {1}' -f $_.Name, (Get-AuthenticodeSignature $_.FullName).Status } }
Part 'programs: users must not write' { icacls.exe $programs }
foreach ($folder in '', 'window', 'window\drop') { Part "data\$folder" { icacls.exe (Join-Path $data $folder) } }
Part 'key: users nothing' { icacls.exe (Join-Path $data 'agent.json') }
Part 'no listening port expected' {
    $id = (Get-WmiObject Win32_Service -Filter "Name='$name'").ProcessId
    netstat.exe -ano | Select-String 'LISTENING' | Where-Object { ($_.Line -split '\s+')[-1] -eq "$id" }
    'looked for process {0}' -f $id
}
Part 'memory and processor of the service' { Get-Process $name -ErrorAction SilentlyContinue | Select-Object WorkingSet64, PrivateMemorySize64, CPU, StartTime | Format-List }
Part 'status' { & $agent status }
Part 'one reading, as administrator: names and values' { & $agent once }
Part 'what the service itself could gather: parts of the last inventory' { & $agent outbox }
Part 'event logs: who may read them' { foreach ($log in 'System', 'Application', 'Microsoft-Windows-Diagnostics-Performance/Operational') { $log; wevtutil.exe gl $log | Select-String 'enabled|channelAccess' } }
Part 'last starts and ends' { wevtutil.exe qe System "/q:*[System[(EventID=27 or EventID=41 or EventID=42 or EventID=1074 or EventID=6005 or EventID=6006 or EventID=6008)]]" /rd:true /c:12 /f:xml | ForEach-Object { $_ -replace '<Data.*', '' } }
Part 'log of the service, last lines' { Get-Content (Join-Path $data 'agent.log') -ErrorAction SilentlyContinue | Select-Object -Last 60 }
Part 'antivirus' { Get-WmiObject -Namespace root\SecurityCenter2 AntiVirusProduct -ErrorAction SilentlyContinue | Select-Object displayName, productState | Format-List }

Write-Output ''
Write-Output '== to do by hand, and to write down with the time'
Write-Output ' 1. as a user who is no administrator: open data\ (must be refused), put a file into data\window\drop (must work), list it (must be refused)'
Write-Output ' 2. Start menu, Mach Xa, Bao su co: report something with the cable out, then put it back: the report arrives'
Write-Output ' 3. shut down by the menu (Fast Startup), start again; restart; sleep; close the lid; hold the power button; pull the cable'
Write-Output '    for each: what the page of this PC says, and after how long'
Write-Output ' 4. end machxa-agent.exe in the task manager: running again after 5 s'
Write-Output ' 5. install the same version over it; uninstall.exe /S; look what is left; install again: the same computer on the page'

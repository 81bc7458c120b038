# Prints what this guest is as JSON, for Refresh: image, machine id, boot time, kernel, packages, pending reboot, scripts.
# Windows PowerShell 5.1 or later. It reads and changes nothing. See docs/guest.md for the files in C:\ProgramData\Refresh.
[CmdletBinding()]
param([string]$Root = (Join-Path $env:ProgramData 'Refresh'))

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$most = 4096

function Read-Lines([string]$Name) {
    $file = Join-Path $Root $Name
    if (-not (Test-Path -LiteralPath $file)) { return @() }
    return @(Get-Content -LiteralPath $file -Encoding UTF8 | ForEach-Object { $_.Trim() } | Where-Object { $_ -and -not $_.StartsWith('#') })
}

function Get-RebootReason {
    $keys = @{
        'Windows Update waits for it' = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired'
        'component based servicing waits for it' = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending'
    }
    $why = @($keys.Keys | Where-Object { Test-Path -LiteralPath $keys[$_] } | Sort-Object)
    $session = Get-ItemProperty -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager' -Name PendingFileRenameOperations -ErrorAction SilentlyContinue
    if ($session) { $why += 'files are to be renamed at boot' }
    return ($why -join '; ')
}

function Get-Versions([string[]]$Names) {
    $uninstall = @(
        'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\*',
        'HKLM:\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall\*')
    $installed = @(Get-ItemProperty -Path $uninstall -ErrorAction SilentlyContinue | Where-Object { $_.PSObject.Properties['DisplayName'] -and $_.PSObject.Properties['DisplayVersion'] })
    $versions = [ordered]@{}
    foreach ($name in $Names | Sort-Object -Unique) {
        $found = @($installed | Where-Object { $_.DisplayName -eq $name })
        $versions[$name] = if ($found.Count -gt 0) { [string]$found[0].DisplayVersion } else { 'missing' }
    }
    return $versions
}

function Invoke-Scripts {
    $folder = Join-Path $Root 'identity.d'
    foreach ($script in @(Get-ChildItem -LiteralPath $folder -Filter '*.ps1' -File | Sort-Object Name)) {
        $output = & powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File $script.FullName 2>&1 | Out-String
        # Windows' own errors are negative; none of them is a success.
        $code = if ($LASTEXITCODE -lt 0) { 255 } else { $LASTEXITCODE }
        if ($output.Length -gt $most) { $output = $output.Substring(0, $most) }
        [ordered]@{ name = $script.Name; exitCode = $code; output = $output.TrimEnd() }
    }
}

$image = @{}
foreach ($line in Read-Lines 'image') {
    $at = $line.IndexOf('=')
    if ($at -gt 0) { $image[$line.Substring(0, $at)] = $line.Substring($at + 1).Trim('"') }
}

$system = Get-CimInstance -ClassName Win32_OperatingSystem
$patches = @(Read-Lines 'patches') + @(Get-HotFix | ForEach-Object { $_.HotFixID } | Where-Object { $_ } | Sort-Object -Unique)

$identity = [ordered]@{
    image     = [ordered]@{ name = [string]$image['name']; version = [string]$image['version']; digest = [string]$image['digest'] }
    machineId = [string](Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Cryptography' -Name MachineGuid).MachineGuid
    bootedAt  = $system.LastBootUpTime.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", [Globalization.CultureInfo]::InvariantCulture)
    patches   = @($patches)
    kernel    = [string]$system.Version
    vm        = [string](Get-CimInstance -ClassName Win32_ComputerSystemProduct).UUID
}

$reboot = Get-RebootReason
if ($reboot) { $identity['reboot'] = $reboot }
$names = @(Read-Lines 'packages')
if ($names.Count -gt 0) { $identity['packages'] = Get-Versions $names }
if (Test-Path -LiteralPath (Join-Path $Root 'identity.d')) { $identity['scripts'] = @(Invoke-Scripts) }

[Console]::OutputEncoding = New-Object Text.UTF8Encoding $false
$identity | ConvertTo-Json -Depth 5 -Compress

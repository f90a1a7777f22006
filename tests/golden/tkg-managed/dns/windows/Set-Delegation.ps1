# Delegation of the GSLB domains of lakeside, for the Windows DNS server that is primary for lakeside.example.
#
# Brings what is there to what is below, and changes nothing the second time: addresses of the name servers, delegations, name
# servers that are no longer ours. Everything else in the zone stays as it is.
# Apply, as a member of DnsAdmins; first with -WhatIf to see what it would do:
#     .\Set-Delegation.ps1 -ComputerName DNS-SERVER -WhatIf
#     .\Set-Delegation.ps1 -ComputerName DNS-SERVER
# Check:
#     Get-DnsServerZoneDelegation -ComputerName DNS-SERVER -Name 'lakeside.example' -ChildZoneName 'global'
#     Resolve-DnsName -Server DNS-SERVER -Name 'global.lakeside.example' -Type NS
#Requires -Modules DnsServer
[CmdletBinding(SupportsShouldProcess)]
param(
    [string] $ComputerName = $env:COMPUTERNAME
)

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$Zone = 'lakeside.example'
$TimeToLive = [TimeSpan]::FromSeconds(600)

# Relative to the zone.
$Domains = @(
    'global'
)

# `Name` is relative to the zone; it is empty for a name server whose address is in another zone.
$NameServers = @(
    @{ HostName = 'dns-gva.lakeside.example'; Name = 'dns-gva'; Type = 'A'; Address = '10.41.0.53' }
    @{ HostName = 'dns-zrh.lakeside.example'; Name = 'dns-zrh'; Type = 'A'; Address = '10.42.0.53' }
)

$Server = @{ ComputerName = $ComputerName }
$Property = @{ A = 'IPv4Address'; AAAA = 'IPv6Address' }

# The addresses in the resource records that a cmdlet returned.
function Get-Address($Records) {
    foreach ($Record in @($Records)) {
        if ($null -ne $Record -and $Property.ContainsKey($Record.RecordType)) {
            ([ipaddress] "$($Record.RecordData.($Property[$Record.RecordType]))").ToString()
        }
    }
}

foreach ($NameServer in $NameServers) {
    if (-not $NameServer.Name) { continue }
    $Wanted = ([ipaddress] $NameServer.Address).ToString()
    $Query = @{ ZoneName = $Zone; Name = $NameServer.Name; RRType = $NameServer.Type; ErrorAction = 'SilentlyContinue' }
    $Found = @(Get-DnsServerResourceRecord @Server @Query | Where-Object { $_.HostName -eq $NameServer.Name })
    if (@(Get-Address $Found) -notcontains $Wanted -and
        $PSCmdlet.ShouldProcess($NameServer.HostName, "add $($NameServer.Type) $Wanted")) {
        $Record = @{ ZoneName = $Zone; Name = $NameServer.Name; TimeToLive = $TimeToLive }
        if ($NameServer.Type -eq 'A') {
            Add-DnsServerResourceRecordA @Server @Record -IPv4Address $Wanted
        }
        else {
            Add-DnsServerResourceRecordAAAA @Server @Record -IPv6Address $Wanted
        }
    }
    foreach ($Record in $Found) {
        $Stale = Get-Address $Record
        if ($Stale -ne $Wanted -and $PSCmdlet.ShouldProcess($NameServer.HostName, "remove $($NameServer.Type) $Stale")) {
            Remove-DnsServerResourceRecord @Server -ZoneName $Zone -InputObject $Record -Force
        }
    }
}

foreach ($Domain in $Domains) {
    $Query = @{ Name = $Zone; ChildZoneName = $Domain; ErrorAction = 'SilentlyContinue' }
    $Found = @(Get-DnsServerZoneDelegation @Server @Query)
    foreach ($NameServer in $NameServers) {
        $Wanted = ([ipaddress] $NameServer.Address).ToString()
        $Change = @{ Name = $Zone; ChildZoneName = $Domain; NameServer = $NameServer.HostName; IPAddress = $Wanted }
        $Same = @($Found | Where-Object { $_.NameServer.RecordData.NameServer.TrimEnd('.') -eq $NameServer.HostName })
        if ($Same.Count -eq 0) {
            if ($PSCmdlet.ShouldProcess("$Domain.$Zone", "delegate to $($NameServer.HostName) $Wanted")) {
                Add-DnsServerZoneDelegation @Server @Change
            }
        }
        elseif ((@(Get-Address $Same[0].IPAddress) -join ' ') -ne $Wanted) {
            if ($PSCmdlet.ShouldProcess("$Domain.$Zone", "set $($NameServer.HostName) to $Wanted")) {
                Set-DnsServerZoneDelegation @Server @Change
            }
        }
    }
    foreach ($Delegation in $Found) {
        $HostName = $Delegation.NameServer.RecordData.NameServer.TrimEnd('.')
        if (@($NameServers | ForEach-Object { $_.HostName }) -notcontains $HostName -and
            $PSCmdlet.ShouldProcess("$Domain.$Zone", "no longer delegate to $HostName")) {
            Remove-DnsServerZoneDelegation @Server -Name $Zone -ChildZoneName $Domain -NameServer $HostName -Force
        }
    }
}

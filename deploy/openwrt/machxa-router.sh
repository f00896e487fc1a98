#!/bin/sh
# Report how this router is, from OpenWrt's own ubus, to the province's broker: plain JSON records, unsigned, at most
# once. POSIX sh; needs mosquitto-client-ssl, jsonfilter (in OpenWrt already). Everything it sends is a number or a name
# out of a fixed list: what a device on the network calls itself never gets into a record.
#
#   machxa-router.sh CONFIG [once]      CONFIG sets BROKER, PORT, FOLDER, AGENT, TOPIC, WAN, EVERY; see machxa-router.conf
set -u
umask 077

config=${1:?machxa-router.sh CONFIG [once]}
BROKER='' PORT=8883 FOLDER=/etc/machxa AGENT='' TOPIC='' WAN=wan EVERY=60
# shellcheck source=/dev/null
. "$config" || exit 2
case $EVERY in '' | *[!0-9]*) EVERY=60 ;; esac
[ "$EVERY" -ge 30 ] || EVERY=30
[ -n "$BROKER" ] && [ -n "$AGENT" ] && [ -n "$TOPIC" ] || { echo "machxa: BROKER, AGENT and TOPIC are needed in $config" >&2; exit 2; }

# A whole number of at most 18 digits as it is, anything else as null: never invent, never pass on.
number() {
    case ${1:-} in
        '' | *[!0-9]* | ???????????????????*) echo null ;;
        *) echo "$1" ;;
    esac
}

# ubus with a bound: a service that hangs must not keep the next report from being made.
ask() { timeout 5 ubus call "$@" 2>/dev/null | head -c 65536; }
value() { number "$(printf %s "$1" | jsonfilter -e "$2" 2>/dev/null | head -n 1 | cut -c 1-20)"; }
truth() { case $(printf %s "$1" | jsonfilter -e "$2" 2>/dev/null | head -n 1) in true) echo 1 ;; false) echo 0 ;; *) echo null ;; esac; }

# One record of samples: series and values side by side, as docs/wire.schema.json has them.
record() {
    system=$(ask system info)
    wan=$(ask "network.interface.$WAN" status)
    device=$(printf %s "$wan" | jsonfilter -e '@.l3_device' 2>/dev/null | head -n 1)
    case $device in '' | *[!A-Za-z0-9._-]* | ????????????????*) device='' ;; esac
    counters=''
    [ -n "$device" ] && counters=$(ask network.device status "{\"name\":\"$device\"}")
    now=$(number "$(date +%s)")
    [ "$now" = null ] && return 1
    series='["system.uptime"],["system.memory.limit"],["system.linux.memory.available"],["hw.network.up",{"hw.id":"wan"}]'
    values="[$(value "$system" '@.uptime')],[$(value "$system" '@.memory.total')],[$(value "$system" '@.memory.available')],[$(truth "$wan" '@.up')]"
    for way in receive:rx transmit:tx; do
        series="$series,[\"system.network.io\",{\"network.interface.name\":\"wan\",\"network.io.direction\":\"${way%:*}\"}]"
        values="$values,[$(value "$counters" "@.statistics.${way#*:}_bytes")]"
        series="$series,[\"system.network.errors\",{\"network.interface.name\":\"wan\",\"network.io.direction\":\"${way%:*}\"}]"
        values="$values,[$(value "$counters" "@.statistics.${way#*:}_errors")]"
    done
    printf '{"v":1,"kind":"samples","boot":"script","time":%s000,"mono":%s,"at":[0],"series":[%s],"values":[%s]}' \
        "$now" "$(uptime_ms)" "$series" "$values"
}

uptime_ms() {
    up=$(cut -d. -f1 /proc/uptime 2>/dev/null)
    case ${up:-} in '' | *[!0-9]*) echo 0 ;; *) echo "${up}000" ;; esac
}

send() {
    tls=''
    [ -e "$FOLDER/ca.pem" ] && tls=yes
    # shellcheck disable=SC2086 # TLS's options are words of ours, or none
    timeout 20 mosquitto_pub -V mqttv5 -q 1 -h "$BROKER" -p "$PORT" -i "$AGENT" \
        ${tls:+--cafile "$FOLDER/ca.pem" --cert "$FOLDER/agent.pem" --key "$FOLDER/agent.key"} -t "$TOPIC" -m "$1"
}

report() {
    told=$(record) || return 1
    send "$told"
}

if [ "${2:-}" = once ]; then
    report
    exit $?
fi
trap 'exit 0' TERM INT
was=''
while :; do
    # A failure is logged when it begins and when it ends, not each minute; what was not sent is not kept.
    if report; then is=sent; else is=failed; fi
    [ "$is" = "$was" ] || logger -t machxa "report $is" 2>/dev/null
    was=$is
    sleep "$EVERY" &
    wait $!
done

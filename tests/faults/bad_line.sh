# A commune (namespace bad-a) and its centre (bad-b) with a line between that can be made bad; then COMMAND in the centre.
# In the commune 127.0.0.1 is the centre's, so that what agents do on loopback crosses the line.
# Usage: unshare -rmn bash bad_line.sh TUNLINK CONTROL_PORT COMMAND...
set -e
mount -t tmpfs none /run
mkdir -p /run/netns
ip link set lo up
python3 "$1" bad "$2" >&2 &
line=$!
trap "kill $line; wait $line || true" EXIT
for _ in $(seq 100); do [ -e /run/netns/bad-b ] && ip -n bad-b addr show dev badb0 2>/dev/null | grep -q 192.0.2.2 && break; sleep 0.1; done
sleep 0.3
for side in a b; do
    ip netns exec bad-$side sysctl -qw net.ipv4.conf.all.route_localnet=1 net.ipv4.conf.bad${side}0.route_localnet=1 net.ipv4.ping_group_range="0 0"
done
ip -n bad-a addr del 127.0.0.1/8 dev lo
ip -n bad-a route add 127.0.0.1/32 via 192.0.2.2 dev bada0
said=0
"${@:3}" || said=$?
trap - EXIT
kill $line
wait $line || true
exit $said

# A commune's line of its own in network namespaces: here - gw (the router) - carrier (the first hop) - far (an anchor).
# Usage: unshare -rmn bash network.sh COMMAND...
set -e
mount -t tmpfs none /run
mkdir -p /run/netns
for n in gw carrier far; do ip netns add $n; done
sysctl -qw net.ipv4.ping_group_range="0 0"
ip link add lan type veth peer name lan netns gw
ip -n gw link add wan type veth peer name cpe netns carrier
ip -n carrier link add out type veth peer name in0 netns far
ip addr add 192.168.1.9/24 dev lan; ip link set lan up; ip link set lo up; ip route add default via 192.168.1.1
ip netns exec gw sh -c "sysctl -qw net.ipv4.ip_forward=1; ip addr add 192.168.1.1/24 dev lan; ip addr add 100.64.0.2/24 dev wan; ip link set lan up; ip link set wan up; ip route add default via 100.64.0.1"
ip netns exec carrier sh -c "sysctl -qw net.ipv4.ip_forward=1; ip addr add 100.64.0.1/24 dev cpe; ip addr add 203.0.113.1/24 dev out; ip link set cpe up; ip link set out up; ip route add 192.168.1.0/24 via 100.64.0.2"
ip netns exec far sh -c "ip addr add 203.0.113.9/24 dev in0; ip link set in0 up; ip route add default via 203.0.113.1"
sleep 0.3
exec "$@"

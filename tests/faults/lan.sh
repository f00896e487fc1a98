# An office's LAN in network namespaces: here, a router and the gateway's computer (mate) on one switch.
# Usage: unshare -rmn bash lan.sh COMMAND...
set -e
mount -t tmpfs none /run
mkdir -p /run/netns
for n in switch router mate; do ip netns add $n; done
sysctl -qw net.ipv4.ping_group_range="0 0"
ip -n switch link add br0 type bridge
ip link add lan type veth peer name p0 netns switch
ip -n router link add lan type veth peer name p1 netns switch
ip -n mate link add lan type veth peer name p2 netns switch
for p in p0 p1 p2; do ip -n switch link set $p master br0 up; done
ip -n switch link set br0 up
ip addr add 192.168.1.9/24 dev lan; ip link set lan up; ip link set lo up; ip route add default via 192.168.1.1
ip -n router addr add 192.168.1.1/24 dev lan; ip -n router link set lan up
ip -n mate addr add 192.168.1.20/24 dev lan; ip -n mate link set lan up
sleep 0.3
exec "$@"

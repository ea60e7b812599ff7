# Pods as network namespaces joined as `ptp` joins them, the stand-in beside them, and steps that say who reaches whom.
# Runs in namespaces of its own: network-policies.sh <certificates> <objects> <api.cjs> <stand-in> <node> <steps>
pki=$1 objects=$2 api=$3 program=$4 node=$5 steps=$6
mount -t tmpfs tmpfs /run && mkdir -p /run/netns /run/mlp && cp -r "$pki" /run/mlp/pki
mount -t tmpfs tmpfs /var/lib && mkdir -p /var/lib/cni/results
echo 1 > /proc/sys/net/ipv4/ip_forward
ip link set lo up
ip address add 10.88.0.1/32 dev lo

serve() { "$node" -e 'for (const at of process.argv.slice(1)) { const [host, port] = at.split(":"); require("net").createServer((s) => s.end()).listen(port, host) }' "$@" & }
pod() {
    ip netns add "p$1"
    ip link add "v$1" type veth peer name eth0 netns "p$1"
    ip address add 10.244.0.1/32 dev "v$1"
    ip link set "v$1" up
    ip route add "10.244.0.$1" dev "v$1"
    ip -n "p$1" link set lo up
    ip -n "p$1" address add "10.244.0.$1/32" dev eth0
    ip -n "p$1" link set eth0 up
    ip -n "p$1" route add 10.244.0.1 dev eth0
    ip -n "p$1" route add default via 10.244.0.1
    ip netns exec "p$1" "$node" -e 'require("net").createServer((s) => s.end()).listen(8080)' &
}
# What libcni writes down once a pod has its address.
joins() {
    printf '{"ifName":"eth0","cniArgs":[["K8S_POD_NAMESPACE","%s"],["K8S_POD_NAME","p%s"]],"result":{"ips":[{"address":"10.244.0.%s/32"}]}}' "$2" "$1" "$1" > "/var/lib/cni/results/$1"
    sleep 0.5
}
emit() { curl -sk -G --data-urlencode "event=$1" https://127.0.0.1:6443/emit; sleep 0.5; }
reach() {
    local outcome=silent
    if [ "$1" = node ]; then run=(); else run=(ip netns exec "p$1"); fi
    "${run[@]}" timeout 2 bash -c "</dev/tcp/$2/$3" 2> /dev/null && outcome=open
    echo "$4: $outcome"
}
until_open() { for _ in $(seq 100); do timeout 1 bash -c "</dev/tcp/$1/$2" 2> /dev/null && return; sleep 0.1; done; exit 1; }
health() { curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:10262/healthz; }

for number in 2 3 4 5; do pod $number; done
serve 10.88.0.1:53 10.88.0.1:10250
"$node" "$api" /run/mlp/pki "$objects" &
for number in 2 3 4 5; do until_open "10.244.0.$number" 8080; done
until_open 127.0.0.1 6443
joins 2 a; joins 3 a; joins 4 b
"$node" "$program" >&2 &
standin=$!
for _ in $(seq 100); do [ "$(health)" = 200 ] && break; sleep 0.1; done
eval "$steps"

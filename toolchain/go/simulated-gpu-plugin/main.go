// Command simulated-gpu-plugin is a Kubernetes device plugin whose devices do not exist: allocation, health and
// per-container device ids are real, the GPUs are not. For local clusters only.
//
// https://kubernetes.io/docs/concepts/extend-kubernetes/compute-storage-net/device-plugins/
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

func main() {
	resource := flag.String("resource", "nvidia.com/gpu", "extended resource to offer")
	count := flag.Int("count", 1, "devices to offer")
	prefix := flag.String("device-prefix", "simulated", "prefix of the device ids; a dash and a number follow")
	sockets := flag.String("sockets", "/var/lib/kubelet/device-plugins", "directory of the kubelet's device plugin sockets")
	health := flag.String("health", ":8080", "address that answers /healthz and /readyz")
	faults := flag.String("faults", "/run/simulated-gpu/unhealthy", "file that lists unhealthy device ids, one a line; it may be missing")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()

	ids := make([]string, *count)
	for i := range ids {
		ids[i] = fmt.Sprintf("%s-%d", *prefix, i)
	}
	plugin := newPlugin(*resource, ids, *faults)
	var registered atomic.Bool
	go serveHealth(*health, &registered)

	socket := filepath.Join(*sockets, "mlp-"+strings.NewReplacer("/", "-", ".", "-").Replace(*resource)+".sock")
	for ctx.Err() == nil {
		// The kubelet forgets its plugins when it restarts: it removes their sockets, and we start again.
		err := plugin.serve(ctx, *sockets, socket, &registered)
		registered.Store(false)
		if err != nil && !errors.Is(err, context.Canceled) {
			slog.Error("serving ended, trying again", "error", err)
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	}
	_ = os.Remove(socket)
}

func serveHealth(address string, registered *atomic.Bool) {
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	mux.HandleFunc("/readyz", func(w http.ResponseWriter, _ *http.Request) {
		if !registered.Load() {
			http.Error(w, "not registered with the kubelet", http.StatusServiceUnavailable)
		}
	})
	slog.Error("health endpoint ended", "error", http.ListenAndServe(address, mux))
	os.Exit(1)
}

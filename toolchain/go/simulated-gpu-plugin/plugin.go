package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	v1beta1 "k8s.io/kubelet/pkg/apis/deviceplugin/v1beta1"
)

// plugin offers a fixed set of device ids under one resource.
type plugin struct {
	v1beta1.UnimplementedDevicePluginServer
	resource string
	ids      []string
	// File that lists unhealthy ids, so that a test can break a device.
	faults string
}

func newPlugin(resource string, ids []string, faults string) *plugin {
	return &plugin{resource: resource, ids: ids, faults: faults}
}

// serve answers the kubelet on socket and registers, until ctx ends or the kubelet removes the socket.
func (p *plugin) serve(ctx context.Context, sockets, socket string, registered *atomic.Bool) error {
	if err := os.Remove(socket); err != nil && !os.IsNotExist(err) {
		return err
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	server := grpc.NewServer()
	v1beta1.RegisterDevicePluginServer(server, p)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	defer server.Stop()

	if err := p.register(ctx, filepath.Join(sockets, filepath.Base(v1beta1.KubeletSocket)), filepath.Base(socket)); err != nil {
		return fmt.Errorf("registering with the kubelet: %w", err)
	}
	registered.Store(true)
	slog.Info("registered", "resource", p.resource, "devices", p.ids)

	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-failed:
			return err
		case <-tick.C:
			if _, err := os.Stat(socket); os.IsNotExist(err) {
				slog.Info("the kubelet restarted, registering again")
				return nil
			}
		}
	}
}

func (p *plugin) register(ctx context.Context, kubelet, endpoint string) error {
	connection, err := grpc.NewClient("unix://"+kubelet, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	_, err = v1beta1.NewRegistrationClient(connection).Register(ctx, &v1beta1.RegisterRequest{
		Version:      v1beta1.Version,
		Endpoint:     endpoint,
		ResourceName: p.resource,
		Options:      &v1beta1.DevicePluginOptions{},
	})
	return err
}

// devices are all ids with their health as of now.
func (p *plugin) devices() []*v1beta1.Device {
	broken := map[string]bool{}
	if text, err := os.ReadFile(p.faults); err == nil {
		for _, id := range strings.Fields(string(text)) {
			broken[id] = true
		}
	}
	devices := make([]*v1beta1.Device, len(p.ids))
	for i, id := range p.ids {
		devices[i] = &v1beta1.Device{ID: id, Health: v1beta1.Healthy}
		if broken[id] {
			devices[i].Health = v1beta1.Unhealthy
		}
	}
	return devices
}

// GetDevicePluginOptions asks the kubelet for nothing beyond allocation.
func (p *plugin) GetDevicePluginOptions(context.Context, *v1beta1.Empty) (*v1beta1.DevicePluginOptions, error) {
	return &v1beta1.DevicePluginOptions{}, nil
}

// ListAndWatch tells the kubelet all devices, and again whenever the health of one changes.
func (p *plugin) ListAndWatch(_ *v1beta1.Empty, stream v1beta1.DevicePlugin_ListAndWatchServer) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for last := ""; ; {
		devices := p.devices()
		if now := fmt.Sprint(devices); now != last {
			if err := stream.Send(&v1beta1.ListAndWatchResponse{Devices: devices}); err != nil {
				return err
			}
			last = now
		}
		select {
		case <-stream.Context().Done():
			return nil
		case <-tick.C:
		}
	}
}

// Allocate gives a container the ids that the kubelet chose, in the variable that GPU software reads, and says that
// they are simulated.
func (p *plugin) Allocate(_ context.Context, request *v1beta1.AllocateRequest) (*v1beta1.AllocateResponse, error) {
	response := &v1beta1.AllocateResponse{}
	for _, container := range request.ContainerRequests {
		ids := strings.Join(container.DevicesIds, ",")
		response.ContainerResponses = append(response.ContainerResponses, &v1beta1.ContainerAllocateResponse{
			Envs: map[string]string{"NVIDIA_VISIBLE_DEVICES": ids, "MLP_SIMULATED_GPUS": ids},
		})
	}
	return response, nil
}

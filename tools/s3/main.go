// Command s3 is an S3 server for tests: versitygw over a folder, on the loopback interface, for as long as standard input stays open.
//
// It prints one line, its address, when it answers. It lives in a module of its own, so that what it brings along is no part of the product.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/pkg/xattr"
	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/embedgw"
)

// The keys of the only account.
const (
	access = "opsbook"
	secret = "opsbook-secret"
)

const health = "/-health"

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "s3: "+err.Error())
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) != 2 {
		return errors.New("usage: s3 FOLDER; every folder in it is a bucket")
	}
	dir, err := filepath.Abs(os.Args[1])
	if err != nil {
		return err
	}
	store, err := backend(dir)
	if err != nil {
		return fmt.Errorf("open %s: %w", dir, err)
	}
	address, err := freePort()
	if err != nil {
		return fmt.Errorf("find a port: %w", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go func() {
		_, _ = io.Copy(io.Discard, bufio.NewReader(os.Stdin))
		stop()
	}()
	go announce(ctx, address)
	err = embedgw.RunVersityGW(ctx, store, &embedgw.Config{
		RootUserAccess: access, RootUserSecret: secret, Ports: []string{address}, HealthPath: health,
		MaxConnections: 4096, MaxRequests: 4096, MultipartMaxParts: 10000, Quiet: true, KeepAlive: true, DisableACLs: true,
	})
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// backend keeps what objects are beside their bytes in extended attributes, and where the file system has none in a folder beside dir.
func backend(dir string) (*posix.Posix, error) {
	probe := filepath.Join(dir, ".probe")
	if err := os.WriteFile(probe, nil, 0o600); err != nil {
		return nil, err
	}
	err := xattr.Set(probe, "user.opsbook", []byte("1"))
	if removed := os.Remove(probe); removed != nil {
		return nil, removed
	}
	options := posix.PosixOpts{NewDirPerm: 0o755, CopyObjectThreshold: 5 << 30}
	if err == nil {
		return posix.New(dir, meta.XattrMeta{}, options)
	}
	options.SideCarDir = dir + ".sidecar"
	if err := os.MkdirAll(options.SideCarDir, 0o755); err != nil {
		return nil, err
	}
	sidecar, err := meta.NewSideCar(options.SideCarDir)
	if err != nil {
		return nil, err
	}
	return posix.New(dir, sidecar, options)
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// announce prints the address once the server answers there.
func announce(ctx context.Context, address string) {
	for ctx.Err() == nil {
		response, err := http.Get("http://" + address + health)
		if err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				fmt.Println("http://" + address)
				return
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// Command release builds what a release holds: binaries for every platform, their checksums and a bill of materials. The same source, Go
// version and name give the same bytes, on any machine and from any folder; -check proves that by building everything twice.
package main

import (
	"bytes"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
)

// platforms are what people write and publish on.
var platforms = []string{"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64", "windows/amd64", "windows/arm64"}

func main() {
	version := flag.String("version", "", "name of the release (default: what git describe says)")
	only := flag.String("platforms", strings.Join(platforms, ","), "what to build for")
	check := flag.Bool("check", false, "build everything again, in another folder and from nothing, and compare")
	out := flag.String("out", "bin/release", "folder to write, below the repository")
	terms := flag.String("notices", "", "write only the terms of what is linked into the program, to this file below the repository")
	flag.Parse()
	if *terms != "" {
		if err := writeNotices(*terms, strings.Split(*only, ",")); err != nil {
			fmt.Fprintln(os.Stderr, "release: "+err.Error())
			os.Exit(1)
		}
		return
	}
	if err := run(*version, strings.Split(*only, ","), *check, *out); err != nil {
		fmt.Fprintln(os.Stderr, "release: "+err.Error())
		os.Exit(1)
	}
}

func run(version string, only []string, check bool, out string) error {
	root, err := output("", "git", "rev-parse", "--show-toplevel")
	if err != nil {
		return err
	}
	if version == "" {
		if version, err = output(root, "git", "describe", "--tags", "--always", "--dirty"); err != nil {
			return err
		}
	}
	dir := filepath.Join(root, out)
	if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o755)); err != nil {
		return err
	}
	if err := binaries(root, dir, version, only, nil); err != nil {
		return err
	}
	if err := materials(dir, version, only); err != nil {
		return err
	}
	if err := notices(root, filepath.Join(dir, "NOTICES.txt"), only); err != nil {
		return err
	}
	if err := checksums(dir); err != nil {
		return err
	}
	if check {
		return again(root, dir, version, only)
	}
	return nil
}

func writeNotices(name string, only []string) error {
	root, err := output("", "git", "rev-parse", "--show-toplevel")
	if err != nil {
		return err
	}
	return notices(root, filepath.Join(root, name), only)
}

func output(dir, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	text, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(text)), nil
}

// file is the name of the binary for a platform such as linux/amd64.
func file(version, platform string) string {
	name := "opsbook-" + version + "-" + strings.ReplaceAll(platform, "/", "-")
	if strings.HasPrefix(platform, "windows/") {
		name += ".exe"
	}
	return name
}

// binaries builds with everything left out that differs between machines: paths, the state of Git, C.
func binaries(root, dir, version string, only, env []string) error {
	for _, platform := range only {
		system, machine, ok := strings.Cut(platform, "/")
		if !ok {
			return fmt.Errorf("%s is no platform such as linux/amd64", platform)
		}
		cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -buildid= -X main.version="+version,
			"-o", filepath.Join(dir, file(version, platform)), "./cmd/opsbook")
		cmd.Dir, cmd.Stderr = root, os.Stderr
		cmd.Env = append(append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOAMD64=v1", "GOARM64=v8.0", "GOEXPERIMENT=", "GOOS="+system, "GOARCH="+machine), env...)
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("build for %s: %w", platform, err)
		}
		fmt.Println(file(version, platform))
	}
	return nil
}

// checksums writes SHA256SUMS, which sha256sum --check reads.
func checksums(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%x  %s\n", sha256.Sum256(text), e.Name())
	}
	return os.WriteFile(filepath.Join(dir, "SHA256SUMS"), []byte(b.String()), 0o644)
}

// component is a part of the program in CycloneDX 1.6, as far as a Go binary knows it.
type component struct {
	Type       string     `json:"type"`
	Ref        string     `json:"bom-ref"`
	Name       string     `json:"name"`
	Version    string     `json:"version"`
	URL        string     `json:"purl"`
	Properties []property `json:"properties,omitempty"`
}

type property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type bill struct {
	Format   string `json:"bomFormat"`
	Spec     string `json:"specVersion"`
	Version  int    `json:"version"`
	Metadata struct {
		Component component `json:"component"`
	} `json:"metadata"`
	Components []component `json:"components"`
}

func library(path, version, sum string) component {
	url := "pkg:golang/" + path + "@" + version
	c := component{Type: "library", Ref: url, Name: path, Version: version, URL: url}
	if sum != "" {
		c.Properties = []property{{"go:sum", sum}}
	}
	return c
}

// materials writes what the binaries say that they were made of. A module that is in one of them is in the bill.
func materials(dir, version string, only []string) error {
	parts := map[string]component{}
	for _, platform := range only {
		info, err := buildinfo.ReadFile(filepath.Join(dir, file(version, platform)))
		if err != nil {
			return fmt.Errorf("read what %s was made of: %w", file(version, platform), err)
		}
		std := library("std", strings.TrimPrefix(info.GoVersion, "go"), "")
		parts[std.Ref] = std
		for _, m := range info.Deps {
			c := library(module(m).Path, module(m).Version, module(m).Sum)
			parts[c.Ref] = c
		}
	}
	b := bill{Format: "CycloneDX", Spec: "1.6", Version: 1}
	b.Metadata.Component = component{Type: "application", Ref: "opsbook@" + version, Name: "opsbook", Version: version, URL: "pkg:golang/opsbook@" + version}
	for _, c := range parts {
		b.Components = append(b.Components, c)
	}
	slices.SortFunc(b.Components, func(x, y component) int { return strings.Compare(x.Ref, y.Ref) })
	text, err := json.MarshalIndent(b, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "opsbook-"+version+".cdx.json"), append(text, '\n'), 0o644)
}

func module(m *debug.Module) *debug.Module {
	if m.Replace != nil {
		return m.Replace
	}
	return m
}

// again builds a copy of the source in another folder with nothing remembered, and compares every file.
func again(root, dir, version string, only []string) error {
	work, err := os.MkdirTemp("", "opsbook-release-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	copied, second := filepath.Join(work, "elsewhere"), filepath.Join(work, "out")
	if err := errors.Join(copySource(root, copied), os.MkdirAll(second, 0o755)); err != nil {
		return err
	}
	if err := binaries(copied, second, version, only, []string{"GOCACHE=" + filepath.Join(work, "cache")}); err != nil {
		return err
	}
	if err := errors.Join(materials(second, version, only), notices(copied, filepath.Join(second, "NOTICES.txt"), only), checksums(second)); err != nil {
		return err
	}
	first, err := os.ReadFile(filepath.Join(dir, "SHA256SUMS"))
	if err != nil {
		return err
	}
	repeated, err := os.ReadFile(filepath.Join(second, "SHA256SUMS"))
	if err != nil {
		return err
	}
	if !bytes.Equal(first, repeated) {
		return fmt.Errorf("two builds differ:\n%s\n%s", first, repeated)
	}
	fmt.Printf("%d files built twice are the same to the byte\n", bytes.Count(first, []byte("\n")))
	return nil
}

// copySource copies what Git knows of and what is new, as it lies in the folder.
func copySource(from, to string) error {
	names, err := output(from, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	if err != nil {
		return err
	}
	for name := range strings.SplitSeq(strings.Trim(names, "\x00"), "\x00") {
		text, err := os.ReadFile(filepath.Join(from, name))
		if errors.Is(err, os.ErrNotExist) {
			continue // deleted, and not committed yet
		}
		if err != nil {
			return err
		}
		target := filepath.Join(to, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(target), 0o755), os.WriteFile(target, text, 0o644)); err != nil {
			return err
		}
	}
	return nil
}

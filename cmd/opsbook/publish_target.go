package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"opsbook/internal/config"
	"opsbook/internal/meta"
	"opsbook/internal/publish"
)

// reach says where targets are and how they are reached. From the source only publish: in opsbook.yaml is read.
type reach struct {
	Source       string `help:"Folder of opsbook.yaml (default: content, else .)." placeholder:"DIR"`
	Region       string `help:"AWS region of the bucket." placeholder:"REGION"`
	Endpoint     string `help:"Address of an S3-compatible store." placeholder:"URL"`
	Distribution string `help:"CloudFront distribution to invalidate." placeholder:"ID"`
	JSON         bool   `name:"json" help:"Print the result as one JSON object."`
}

// placeOut is where a site is published to, as configured.
type placeOut struct {
	name                string // as the user said it
	address             string // s3://… or file:…
	folder              string // of a file: target
	bucket, prefix      string // of an s3:// target
	region, endpoint    string
	virtualHost         bool
	distribution, under string // of CloudFront, and where the site lies below it
	cache               publish.Cache
	sub                 bool // below a configured target, or given whole
}

// opened is a target that can be asked.
type opened struct {
	target publish.Target
	cdn    *publish.CloudFront
	close  func()
}

// places resolves the names of targets. Without any, the only configured one is meant.
func (r reach) places(names []string) ([]placeOut, error) {
	dir, err := place{Source: r.Source}.dir()
	if err != nil {
		return nil, err
	}
	known, err := targets(dir)
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		switch len(known.Fields) {
		case 0:
			return nil, usage("publish: name a target, such as s3://BUCKET or file:DIR, or write publish: into %s", filepath.Join(dir, "opsbook.yaml"))
		case 1:
			names = []string{known.Fields[0].Raw}
		default:
			return nil, usage("publish: name one or more of the targets %s", strings.Join(targetNames(known), ", "))
		}
	}
	places := make([]placeOut, len(names))
	for i, name := range names {
		if places[i], err = r.place(name, known, dir); err != nil {
			return nil, err
		}
	}
	return places, nil
}

// targets reads publish: of a source's configuration, and nothing else of it.
func targets(dir string) (meta.Value, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return meta.Value{}, fmt.Errorf("open the content folder: %w", err)
	}
	defer root.Close()
	cfg, _, err := config.Read(root.FS())
	if err != nil {
		return meta.Value{}, err
	}
	if cfg.Publish.Kind != meta.Map && !cfg.Publish.IsZero() {
		return meta.Value{}, usage("%s: publish: must hold targets by name", cfg.Publish.Pos)
	}
	return cfg.Publish, nil
}

func targetNames(known meta.Value) []string {
	var names []string
	for _, f := range known.Fields {
		names = append(names, f.Raw)
	}
	return names
}

// place resolves one name: an address, or a configured target with a folder below it.
func (r reach) place(name string, known meta.Value, dir string) (placeOut, error) {
	if strings.HasPrefix(name, "s3://") || strings.HasPrefix(name, "file:") {
		p := placeOut{name: name, sub: true, cache: publish.DefaultCache()}
		return p.at(name, "", r)
	}
	first, below, _ := strings.Cut(name, "/")
	below = strings.Trim(below, "/")
	if below != "" && !plainPath(below) {
		return placeOut{}, usage("publish to %s: a folder below a target has no empty names, and none that start with a dot", name)
	}
	for _, f := range known.Fields {
		if f.Raw != first {
			continue
		}
		p, to, err := configured(f)
		if err != nil {
			return p, err
		}
		if rest, ok := strings.CutPrefix(to, "file:"); ok && !filepath.IsAbs(rest) {
			to = "file:" + filepath.Join(dir, rest)
		}
		p.name, p.sub = name, below != ""
		return p.at(to, below, r)
	}
	return placeOut{}, usage("publish to %s: there is no such target; there are %s, and addresses such as s3://BUCKET/PREFIX and file:DIR",
		name, orNone(strings.Join(targetNames(known), ", ")))
}

func orNone(s string) string {
	if s == "" {
		return "none in opsbook.yaml"
	}
	return s
}

// configured reads one target of opsbook.yaml.
func configured(f meta.Field) (p placeOut, to string, err error) {
	p.cache = publish.DefaultCache()
	if f.Value.Kind == meta.Scalar {
		return p, f.Value.Text, nil
	}
	for _, field := range f.Value.Fields {
		text := field.Value.Str().Text
		switch field.Key {
		case "to":
			to = text
		case "region":
			p.region = text
		case "endpoint":
			p.endpoint = text
		case "path_style":
			byPath, ok := field.Value.Bool()
			if !ok {
				return p, "", usage("%s: path_style is true or false", field.Pos)
			}
			p.virtualHost = !byPath
		case "distribution":
			p.distribution = text
		case "cache":
			p.cache.Pages = orElse(field.Value.Get("pages").Str().Text, p.cache.Pages)
			p.cache.Assets = orElse(field.Value.Get("assets").Str().Text, p.cache.Assets)
		default:
			return p, "", usage("%s: a target has no key %q; the keys are to, region, endpoint, path_style, distribution and cache", field.Pos, field.Raw)
		}
	}
	if to == "" {
		return p, "", usage("%s: the target %s does not say where: write to: s3://BUCKET/PREFIX or file:DIR", f.Pos, f.Raw)
	}
	return p, to, nil
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func plainPath(p string) bool {
	if !fs.ValidPath(p) {
		return false
	}
	for part := range strings.SplitSeq(p, "/") {
		if strings.HasPrefix(part, ".") {
			return false
		}
	}
	return true
}

// at fills in an address and what flags say.
func (p placeOut) at(to, below string, r reach) (placeOut, error) {
	p.region, p.endpoint = orElse(r.Region, p.region), orElse(r.Endpoint, p.endpoint)
	p.distribution = orElse(r.Distribution, p.distribution)
	if dir, ok := strings.CutPrefix(to, "file:"); ok {
		if dir == "" {
			return p, usage("publish to %s: name the folder, such as file:/srv/www", to)
		}
		p.folder = filepath.Join(strings.TrimPrefix(dir, "//"), filepath.FromSlash(below))
		p.under = below
		abs, err := filepath.Abs(p.folder)
		p.address = "file:" + filepath.ToSlash(abs)
		return p, err
	}
	rest, ok := strings.CutPrefix(to, "s3://")
	bucket, prefix, _ := strings.Cut(rest, "/")
	prefix = strings.Trim(path.Join(prefix, below), "/")
	if !ok || bucket == "" {
		return p, usage("publish to %s: a target is s3://BUCKET/PREFIX or file:DIR", to)
	}
	if prefix != "" && !plainPath(prefix) {
		return p, usage("publish to %s: the prefix has no empty names, and none that start with a dot", to)
	}
	p.bucket, p.prefix, p.under = bucket, prefix, prefix
	p.address = "s3://" + bucket + "/"
	if prefix != "" {
		p.address += prefix + "/"
	}
	return p, nil
}

// open reaches the target. Nothing is asked of an S3 bucket yet.
func (p placeOut) open(ctx context.Context) (opened, error) {
	o := opened{close: func() {}}
	if p.folder != "" {
		d, err := publish.OpenDirectory(p.folder)
		if err != nil {
			return o, err
		}
		o.target, o.close = d, func() { d.Close() }
	} else {
		s, err := publish.OpenS3(ctx, p.bucket, p.prefix, publish.S3Options{Region: p.region, Endpoint: p.endpoint, VirtualHost: p.virtualHost})
		if err != nil {
			return o, err
		}
		o.target = s
	}
	if p.distribution != "" {
		cdn, err := publish.OpenCloudFront(ctx, p.distribution, publish.CloudFrontOptions{Prefix: p.under})
		if err != nil {
			o.close()
			return o, err
		}
		o.cdn = cdn
	}
	return o, nil
}

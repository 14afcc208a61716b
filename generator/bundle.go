package generator

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"

	"opsbook/generator/output"
	"opsbook/generator/page"
	"opsbook/search/webindex"
)

// siteFolder is where a bundle holds the site, beside the page that says what the bundle is.
const siteFolder = "site/"

// WriteBundle writes the site as an archive for a disk. Equal inputs give equal bytes.
func (r *Result) WriteBundle(ctx context.Context, to io.Writer) error {
	set, err := r.Bundle()
	if err != nil {
		return err
	}
	day := r.Site.Clock
	at := time.Date(day.Year, time.Month(day.Month), day.Day, 0, 0, 0, 0, time.UTC)
	return output.Zip(ctx, set, to, "opsbook-"+day.String(), at)
}

// Bundle is the site for a disk: the same files, in which whatever leads to a folder leads to the page in it, and a front page that says as
// of when they are.
func (r *Result) Bundle() (output.Set, error) {
	set, err := r.Output()
	if err != nil {
		return output.Set{}, err
	}
	d := disk{has: func(file string) bool { _, ok := set.Lookup(file); return ok }, asOf: r.Site.Clock.String()}
	moved := set.Transform(d.file)
	front := output.File{Path: "index.html", Render: func(ctx context.Context) ([]byte, error) {
		return r.look.theme.Page(ctx, page.BundleFront(r.Site, siteFolder))
	}}
	texts := []output.File{front}
	for name, content := range webindex.Texts(r.Records()) { // no page on a disk may read another
		texts = append(texts, output.Bytes(siteFolder+name, content))
	}
	return moved.With(texts...), nil
}

// disk turns files of a server into files of a folder.
type disk struct {
	has  func(file string) bool // of the site
	asOf string
}

// forServers are the files that mean nothing on a disk.
func forServers() []string {
	return []string{workerFile, copyList, "404.html", "robots.txt", "sitemap.xml"}
}

func (d disk) file(f output.File) []output.File {
	if slices.Contains(forServers(), f.Path) {
		return nil
	}
	moved := output.File{Path: siteFolder + f.Path, Render: f.Render, Hashed: f.Hashed, Origin: f.Origin}
	if strings.HasSuffix(f.Path, ".html") {
		moved.Render = func(ctx context.Context) ([]byte, error) {
			content, err := f.Render(ctx)
			if err != nil {
				return nil, err
			}
			return d.page(f.Path, content)
		}
	}
	return []output.File{moved}
}

// page rewrites what leads elsewhere in a page and says as of when it is. Every other byte stays.
func (d disk) page(file string, content []byte) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(len(content) + 4096)
	tags := html.NewTokenizer(bytes.NewReader(content))
	for {
		kind := tags.Next()
		if kind == html.ErrorToken {
			if tags.Err() != io.EOF {
				return nil, fmt.Errorf("read %s: %w", file, tags.Err())
			}
			return b.Bytes(), nil
		}
		raw := slices.Clone(tags.Raw()) // reading the token spoils it
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			b.Write(raw)
			continue
		}
		tag := tags.Token()
		if tag.Data == "noscript" {
			tags.NextIsNotRawText() // what is in it leads somewhere too
		}
		if d.tag(file, &tag) {
			b.WriteString(tag.String())
		} else {
			b.Write(raw)
		}
	}
}

// tag rewrites a tag and reports whether it did.
func (d disk) tag(file string, tag *html.Token) bool {
	if tag.Data == "html" {
		tag.Attr = append(tag.Attr, html.Attribute{Key: "data-copy", Val: d.asOf})
		return true
	}
	changed := false
	tag.Attr = slices.DeleteFunc(tag.Attr, func(a html.Attribute) bool {
		changed = changed || a.Key == "data-offline"
		return a.Key == "data-offline" // a disk has no worker
	})
	for i, a := range tag.Attr {
		to := a.Val
		switch {
		case a.Key == "href", a.Key == "data-to":
			to = d.link(file, a.Val)
		case a.Key == "content" && tag.Data == "meta":
			if wait, address, ok := strings.Cut(a.Val, ";url="); ok {
				to = wait + ";url=" + d.link(file, address)
			}
		}
		changed = changed || to != a.Val
		tag.Attr[i].Val = to
	}
	return changed
}

// link leads to the page in a folder where a link led to the folder. What is said of copies in browsers is on the front page of a bundle.
func (d disk) link(file, address string) string {
	to, err := url.Parse(address)
	if err != nil || to.IsAbs() || to.Host != "" || to.Path == "" || strings.HasPrefix(to.Path, "/") {
		return address
	}
	last := path.Base(to.Path)
	if !strings.HasSuffix(to.Path, "/") && last != "." && last != ".." {
		return address
	}
	target := path.Join(path.Dir(file), to.Path)
	switch {
	case path.Base(target) == "offline" && d.has(path.Join(target, "index.html")):
		to.Path = strings.Repeat("../", strings.Count(file, "/")+1) + "index.html"
	case d.has(path.Join(target, "index.html")):
		to.Path = strings.TrimSuffix(to.Path, "/") + "/index.html"
	default:
		return address
	}
	to.RawPath = ""
	return to.String()
}

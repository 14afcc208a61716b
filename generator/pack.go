package generator

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"opsbook/generator/page"
)

// Packed is what a pack holds, for whoever asked for it.
type Packed struct {
	Severities []string
	Pages      int
	Codes      bool // every page has a QR code; without base_url nobody knows where pages are
}

// Pack is the emergency pack in a language: one file with all that it needs, for paper. See page.PackOf for which pages it holds.
func (r *Result) Pack(ctx context.Context, lang string, severities []string) ([]byte, Packed, error) {
	p := page.PackOf(r.Site, page.Plan(r.Site), lang, severities)
	k := p.Pack
	about := Packed{Severities: k.Severities, Pages: len(k.Sheets), Codes: true}
	numbers := map[string]int{}
	for i, s := range k.Sheets {
		numbers[s.Page.URL] = i + 1
		if s.Address == "" {
			about.Codes = false
			continue
		}
		code, err := qrOf(s.Address)
		if err != nil {
			return nil, about, err
		}
		k.Sheets[i].QR = code
	}
	content, err := r.look.theme.Page(ctx, p)
	if err != nil {
		return nil, about, err
	}
	pack := packer{result: r, numbers: numbers, style: r.look.bundle.Pack, base: r.Site.Config.BaseURL}
	content, err = pack.whole(ctx, content)
	return content, about, err
}

// packer makes one document of pages: what they show is put in, what they lead to is in the document or on the site.
type packer struct {
	result  *Result
	numbers map[string]int // URL of a page -> place of its sheet
	style   []byte
	base    string

	sheet string // URL of the page whose sheet is read, "" before the first
}

func (k *packer) whole(ctx context.Context, content []byte) ([]byte, error) {
	var b bytes.Buffer
	tags := html.NewTokenizer(bytes.NewReader(content))
	for {
		kind := tags.Next()
		if kind == html.ErrorToken {
			if tags.Err() != io.EOF {
				return nil, fmt.Errorf("make the pack: %w", tags.Err())
			}
			return b.Bytes(), nil
		}
		raw := slices.Clone(tags.Raw()) // reading the token spoils it
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			b.Write(raw)
			continue
		}
		tag := tags.Token()
		if err := k.tag(ctx, &tag); err != nil {
			return nil, err
		}
		b.WriteString(tag.String())
		if tag.Data == "style" {
			b.Write(k.style)
		}
	}
}

func (k *packer) tag(ctx context.Context, tag *html.Token) error {
	var kept []html.Attribute
	for _, a := range tag.Attr {
		switch a.Key {
		case "data-sheet":
			k.sheet = a.Val
		case "content":
			if a.Val == "pack" {
				sum := sha256.Sum256(k.style)
				a.Val = "default-src 'none'; img-src data:; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
			}
		case "id", "for":
			a.Val = k.name(a.Val)
		case "aria-labelledby", "aria-describedby", "aria-controls", "headers":
			names := strings.Fields(a.Val)
			for i := range names {
				names[i] = k.name(names[i])
			}
			a.Val = strings.Join(names, " ")
		case "href":
			if a.Val = k.link(a.Val); a.Val == "" {
				continue
			}
		case "src", "srcset":
			shown, err := k.picture(ctx, a.Val)
			if err != nil {
				return err
			}
			a.Val = shown
		}
		kept = append(kept, a)
	}
	tag.Attr = kept
	return nil
}

// name tells apart what pages call by the same name.
func (k *packer) name(id string) string {
	if k.sheet == "" {
		return id
	}
	return "s" + strconv.Itoa(k.numbers[k.sheet]) + "-" + id
}

// link leads to a sheet, else to the site, else nowhere.
func (k *packer) link(address string) string {
	to, err := url.Parse(address)
	switch {
	case err != nil || to.IsAbs() || to.Host != "" || k.sheet == "":
		return address
	case to.Path == "":
		return "#" + k.name(to.Fragment)
	}
	target := path.Join("/", k.sheet, to.Path)[1:]
	if strings.HasSuffix(to.Path, "/") && target != "" {
		target += "/"
	}
	if n, ok := k.numbers[target]; ok {
		if to.Fragment != "" {
			return fmt.Sprintf("#s%d-%s", n, to.Fragment)
		}
		return fmt.Sprintf("#s%d-p-sheet", n)
	}
	if k.base == "" {
		return ""
	}
	there := url.URL{Path: target, RawQuery: to.RawQuery, Fragment: to.Fragment}
	return k.base + there.String()
}

// picture puts a picture of the site into the document.
func (k *packer) picture(ctx context.Context, address string) (string, error) {
	to, err := url.Parse(address)
	if err != nil || to.IsAbs() || to.Host != "" {
		return address, nil
	}
	name := path.Join("/", k.sheet, to.Path)[1:]
	content, err := k.result.Read(ctx, name)
	if err != nil {
		return "", fmt.Errorf("put a picture into the pack: %w", err)
	}
	return "data:" + pictureType(name) + ";base64," + base64.StdEncoding.EncodeToString(content), nil
}

// pictureType is by our own table: the machine's would make the same pack differ between machines.
func pictureType(name string) string {
	switch ext := strings.ToLower(path.Ext(name)); ext {
	case ".svg":
		return "image/svg+xml"
	case ".jpg", ".jpeg":
		return "image/jpeg"
	case ".png", ".gif", ".webp", ".avif":
		return "image/" + ext[1:]
	default:
		return "application/octet-stream"
	}
}

//go:build screenshots && browser

package main

import (
	"bytes"
	"cmp"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// sheet is where the contact sheet goes; it is made, not kept. The README's pictures are kept.
const (
	sheet    = "../../bin/contact-sheet"
	pictures = "../../tools/pictures"
)

// TestScreenshots makes the README's pictures and a contact sheet of every kind of page: ja and en, light and dark, phone and wide.
func TestScreenshots(t *testing.T) {
	home := example(t)
	t.Run("pictures", func(t *testing.T) {
		if err := os.MkdirAll(pictures, 0o755); err != nil {
			t.Fatal(err)
		}
		save(t, filepath.Join(pictures, "runbook.png"), compact(t, shoot(t, home+"runbooks/rds-failover/", 1200, false)))
		save(t, filepath.Join(pictures, "phone.png"), compact(t, shoot(t, home+"playbooks/site-down/", 390, true)))
	})
	t.Run("sheet", func(t *testing.T) {
		if err := os.RemoveAll(sheet); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(sheet, 0o755); err != nil {
			t.Fatal(err)
		}
		var index bytes.Buffer
		index.WriteString("<!doctype html><meta charset=utf-8><title>contact sheet</title><style>img{max-width:24%;border:1px solid #999;margin:4px;vertical-align:top}</style>\n")
		kinds := exampleKinds(t)
		for _, kind := range slices.Sorted(maps.Keys(kinds)) {
			fmt.Fprintf(&index, "<h2>%s</h2>\n", html.EscapeString(kind))
			b := openTab(t, home)
			b.view(t, 1440, false)
			b.run(t, chromedp.Navigate(home+kinds[kind]), chromedp.WaitReady("main"))
			for _, width := range []int64{1440, 390} {
				for _, dark := range []bool{false, true} {
					b.view(t, width, dark)
					name := fmt.Sprintf("%s-%d-%s.png", kind, width, map[bool]string{false: "light", true: "dark"}[dark])
					save(t, filepath.Join(sheet, name), call(t, b, page.CaptureScreenshot, page.CaptureScreenshotParams{}).Data)
					fmt.Fprintf(&index, "<img src=%q alt=%q>\n", name, name)
				}
			}
		}
		save(t, filepath.Join(sheet, "index.html"), index.Bytes())
	})
}

// shoot is a picture of the top of a page.
func shoot(t *testing.T, address string, width int64, dark bool) []byte {
	t.Helper()
	b := openTab(t, address)
	b.view(t, width, dark)
	b.run(t, chromedp.Navigate(address), chromedp.WaitReady("main"))
	return call(t, b, page.CaptureScreenshot, page.CaptureScreenshotParams{}).Data
}

// compact keeps a picture at the size that a README should carry: the 256 colours that a page of text has most of are enough.
func compact(t *testing.T, picture []byte) []byte {
	t.Helper()
	full, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	count := map[color.Color]int{}
	for y := range full.Bounds().Dy() {
		for x := range full.Bounds().Dx() {
			count[full.At(x, y)]++
		}
	}
	colours := slices.SortedFunc(maps.Keys(count), func(a, b color.Color) int { return cmp.Compare(count[b], count[a]) })
	paletted := image.NewPaletted(full.Bounds(), color.Palette(colours[:min(256, len(colours))]))
	draw.Draw(paletted, full.Bounds(), full, image.Point{}, draw.Src)
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, paletted); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func save(t *testing.T, name string, content []byte) {
	t.Helper()
	if err := os.WriteFile(name, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

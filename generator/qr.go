package generator

import (
	"fmt"
	"strings"

	"rsc.io/qr"

	"opsbook/generator/page"
)

// quiet is the light margin that a QR code needs, in modules (ISO/IEC 18004).
const quiet = 4

// qrOf draws the code of an address: level M survives 15 % of dirt and folds.
func qrOf(address string) (page.QR, error) {
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		return page.QR{}, fmt.Errorf("draw the QR code of %s: %w", address, err)
	}
	var b strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", from+quiet, y+quiet, x-from, x-from)
			}
		}
	}
	return page.QR{Side: code.Size + 2*quiet, Path: b.String()}, nil
}

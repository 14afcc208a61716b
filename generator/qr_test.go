package generator

import (
	"fmt"
	"regexp"
	"strconv"
	"testing"

	"rsc.io/qr"
)

// TestQRIsDrawnAsEncoded draws the path on squared paper and compares every module.
func TestQRIsDrawnAsEncoded(t *testing.T) {
	address := "https://ops.example.com/kb/障害対応/?cluster=orders-db#step-1"
	drawn, err := qrOf(address)
	if err != nil {
		t.Fatal(err)
	}
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		t.Fatal(err)
	}
	dark := map[string]bool{}
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`).FindAllStringSubmatch(drawn.Path, -1) {
		x, _ := strconv.Atoi(m[1])
		y, _ := strconv.Atoi(m[2])
		wide, _ := strconv.Atoi(m[3])
		if m[3] != m[4] {
			t.Errorf("%s is no rectangle", m[0])
		}
		for i := range wide {
			dark[fmt.Sprint(x+i, y)] = true
		}
	}
	if drawn.Side != code.Size+8 {
		t.Errorf("the code is %d wide, want %d with its quiet zone", drawn.Side, code.Size+8)
	}
	for y := range drawn.Side {
		for x := range drawn.Side {
			if want := code.Black(x-4, y-4); dark[fmt.Sprint(x, y)] != want {
				t.Fatalf("module %d,%d is dark: %t, want %t", x, y, !want, want)
			}
		}
	}
}

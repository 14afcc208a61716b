package search

import (
	"iter"
	"math"
)

// Field is where in a record a term stands.
type Field int

const (
	Title Field = iota
	Alerts
	Headings
	Tags
	Body
	Fields int = iota
)

// Weights and length normalisation of the fields, in their order. A term of
// the title counts as five of the text; a title is not punished for its length
// as much as a text is. Chosen on the query sets of search/quality.
var (
	fieldWeight = [Fields]float64{5, 6, 2.5, 2, 1}
	fieldLength = [Fields]float64{.3, 0, .4, 0, .7}
)

const (
	// An impact is the weighted frequency of a term in a record on a
	// logarithmic scale from weakest to weakest·impactRange, one character of
	// the browser's index. A step is 26 %: half as much ranks no better and
	// makes the index a twentieth larger.
	MaxImpact   = 31
	weakest     = .05
	impactRange = 1200

	saturation = 1.2 // k of BM25: the tenth occurrence says less than the second

	// A term in more than commonShare of at least commonFloor documents is
	// answered from titles and headings. Below the floor the saving is nothing.
	commonShare = .4
	commonFloor = 500
)

// Frequencies counts a term in each field.
type Frequencies [Fields]int

// WeakImpact is the impact of every term that holds hiragana: that of one
// occurrence in a text of average length. How often grammar occurs says
// nothing, and the browser's index is a sixth smaller without it.
const WeakImpact = 13

// Weak says that a term's impact is [WeakImpact] wherever it stands.
func Weak(term string) bool { return weak(term) }

// Impact returns the impact of a term that occurs as counted in a record whose
// fields hold length tokens, where the average record's hold average. It is
// -1 when the term occurs nowhere.
func Impact(term string, count Frequencies, length Frequencies, average [Fields]float64) int {
	x := 0.0
	for f, n := range count {
		if n == 0 {
			continue
		}
		ratio := 1.0
		if average[f] > 0 {
			ratio = float64(length[f]) / average[f]
		}
		x += fieldWeight[f] * float64(n) / (1 - fieldLength[f] + fieldLength[f]*ratio)
	}
	if x == 0 {
		return -1
	}
	if weak(term) {
		return WeakImpact
	}
	q := math.Round(MaxImpact * math.Log(x/weakest) / math.Log(impactRange))
	return int(max(0, min(MaxImpact, q)))
}

// saturated holds, per impact, how much of a term's weight it earns.
func saturated() *[MaxImpact + 1]float64 {
	var table [MaxImpact + 1]float64
	for q := range table {
		x := weakest * math.Pow(impactRange, float64(q)/MaxImpact)
		table[q] = x * (saturation + 1) / (x + saturation)
	}
	return &table
}

// IDF is the weight of a term that df of n records hold: the rarer, the more.
func IDF(df, n int) float64 {
	return math.Log(1 + (float64(n-df)+.5)/(float64(df)+.5))
}

// Common says that a term is in too many records to list them all.
func Common(df, n int) bool {
	return n >= commonFloor && float64(df) > commonShare*float64(n)
}

// Average returns the mean length of each field.
func Average(lengths iter.Seq[Frequencies]) [Fields]float64 {
	var sum Frequencies
	n := 0
	for length := range lengths {
		n++
		for f := range sum {
			sum[f] += length[f]
		}
	}
	return AverageOf(sum, n)
}

// AverageOf divides the lengths of n records by their number.
func AverageOf(sum Frequencies, n int) (average [Fields]float64) {
	for f := range sum {
		average[f] = float64(sum[f]) / float64(max(n, 1))
	}
	return average
}

// Weight is the count of a term with the fields' weights, before lengths.
func (f Frequencies) Weight() int {
	x := 0.0
	for field, n := range f {
		x += fieldWeight[field] * float64(n)
	}
	return int(x)
}

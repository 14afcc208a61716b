package quality

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
)

// Questions reads questions that were drawn earlier.
func Questions(root fs.FS, name string) ([]Known, error) {
	data, err := fs.ReadFile(root, name)
	if err != nil {
		return nil, fmt.Errorf("read the questions: %w", err)
	}
	var known []Known
	if err := json.Unmarshal(data, &known); err != nil {
		return nil, fmt.Errorf("read the questions %s: %w", name, err)
	}
	return known, nil
}

// Score says how well one class of questions is answered.
type Score struct {
	Class, Lang string
	Asked       int
	Missed      int     // not among the first ten
	MRR         float64 // mean of one over the rank among the first ten
	Misses      []Miss  // every question whose answer did not come first
}

// Miss is a question whose answer did not come first.
type Miss struct {
	Known
	Rank int // 0 when it is not among the first ten
}

// Measure asks every question and scores the first ten URLs that answer
// returns, per class and language in the order of the questions.
func Measure(known []Known, answer func(Known) ([]string, error)) []Score {
	var scores []Score
	for _, k := range known {
		i := slices.IndexFunc(scores, func(s Score) bool { return s.Class == k.Class && s.Lang == k.Lang })
		if i < 0 {
			i = len(scores)
			scores = append(scores, Score{Class: k.Class, Lang: k.Lang})
		}
		urls, err := answer(k)
		rank := 0
		if err == nil {
			rank = 1 + slices.Index(urls[:min(10, len(urls))], k.URL)
		}
		s := &scores[i]
		s.Asked++
		if rank == 0 {
			s.Missed++
		} else {
			s.MRR += 1 / float64(rank)
		}
		if rank != 1 {
			s.Misses = append(s.Misses, Miss{k, rank})
		}
	}
	for i := range scores {
		scores[i].MRR /= float64(scores[i].Asked)
	}
	return scores
}

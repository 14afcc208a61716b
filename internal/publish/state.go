package publish

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"
)

// State is what a target holds, as far as a plan must know.
type State struct {
	Head    Head
	Version string      // of the head, "" when there is none
	Live    *Manifest   // what is up, nil before the first commit
	Dirty   []*Manifest // of runs that may have written since
	// Unknown are keys of which nothing is known: those of a target that is adopted, and those that --verify found to be wrong.
	Unknown []string
	// Occupied is a key that lies in a target without a head, "" when there is none.
	Occupied string
}

// Looking is how closely to look at a target.
type Looking struct {
	Adopt  bool // take over what lies there without a head, or without its manifest
	Verify bool // read every object instead of believing the manifest
}

// Look reads the state of a target: two objects when the last run ended well.
func Look(ctx context.Context, t Target, how Looking) (*State, error) {
	s := &State{}
	var err error
	if s.Head, s.Version, err = readHead(ctx, t); err != nil {
		return nil, err
	}
	if s.Head.Manifest != "" {
		s.Live, err = loadManifest(ctx, t, s.Head.Manifest)
		if err != nil && !(absent(err) && how.Adopt) {
			if absent(err) {
				err = failure(Refused, "%w; --adopt takes over what lies there", err)
			}
			return nil, err
		}
	}
	for _, sum := range s.Head.Dirty {
		m, err := loadManifest(ctx, t, sum)
		if err != nil {
			return nil, err
		}
		s.Dirty = append(s.Dirty, m)
	}
	switch {
	case how.Verify && s.Live != nil:
		s.Unknown, err = verify(ctx, t, s.Live)
	case s.Live == nil && (how.Adopt || s.Head.Destroying):
		s.Unknown, err = keysOf(ctx, t)
	case s.Version == "":
		s.Occupied, err = firstKey(ctx, t)
	}
	return s, err
}

// keysOf lists what a site could have put into a target. What belongs to other sites below it is theirs.
func keysOf(ctx context.Context, t Target) ([]string, error) {
	var keys, others []string
	for l, err := range t.List(ctx, "") {
		if err != nil {
			return nil, fmt.Errorf("list %s: %w", t, err)
		}
		if at, ok := strings.CutSuffix(l.Key, headKey); ok && at != "" {
			others = append(others, at)
		}
		if safeKey(l.Key) {
			keys = append(keys, l.Key)
		}
	}
	return slices.DeleteFunc(keys, func(k string) bool {
		return slices.ContainsFunc(others, func(at string) bool { return strings.HasPrefix(k, at) })
	}), nil
}

func firstKey(ctx context.Context, t Target) (string, error) {
	for l, err := range t.List(ctx, "") {
		if err != nil {
			return "", fmt.Errorf("list %s: %w", t, err)
		}
		if !strings.HasPrefix(l.Key, stateFolder) {
			return l.Key, nil
		}
	}
	return "", nil
}

// verify reads every object of a site and returns the keys that are not what the manifest says.
func verify(ctx context.Context, t Target, m *Manifest) ([]string, error) {
	var mu sync.Mutex
	wrong := map[string]bool{}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(readers)
	for _, e := range m.Files {
		g.Go(func() error {
			ok, err := matches(ctx, t, e)
			if err != nil {
				return fmt.Errorf("verify %s: %w", e.Key, err)
			}
			if !ok {
				mu.Lock()
				wrong[e.Key] = true
				mu.Unlock()
			}
			return nil
		})
	}
	err := g.Wait()
	return slices.Sorted(maps.Keys(wrong)), err
}

func matches(ctx context.Context, t Target, e Entry) (bool, error) {
	o, err := t.Get(ctx, e.Key)
	if absent(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer o.Body.Close()
	if o.Headers != (Headers{}) && o.Headers != e.Headers {
		return false, nil
	}
	h := sha256.New()
	if _, err := io.Copy(h, o.Body); err != nil {
		return false, err
	}
	return hex.EncodeToString(h.Sum(nil)) == e.SHA256, nil
}

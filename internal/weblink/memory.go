package weblink

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"opsbook/internal/meta"
)

// memorySchema is the version of the file that remembers answers. Another one is not read, but written anew.
const memorySchema = 1

type memoryFile struct {
	Schema int               `json:"schema"`
	Alive  map[string]string `json:"alive"` // address -> the day on which it answered
}

// recall returns the addresses that answered not long ago, with the day. What was wrong is never remembered: somebody may have mended it.
func recall(file string, today meta.Date, keep meta.Span) (map[string]meta.Date, error) {
	known := map[string]meta.Date{}
	if file == "" {
		return known, nil
	}
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return known, nil
	}
	if err != nil {
		return nil, fmt.Errorf("recall which addresses answered: %w", err)
	}
	var m memoryFile
	if json.Unmarshal(text, &m) != nil || m.Schema != memorySchema {
		return known, nil
	}
	for address, on := range m.Alive {
		day, problems := meta.ParseDay(meta.Str{Text: on})
		if len(problems) == 0 && !today.Before(day.Date) && today.Before(day.Add(keep)) {
			known[address] = day.Date
		}
	}
	return known, nil
}

// remember writes the days whole, so that a run that is killed leaves the old ones.
func remember(file string, known map[string]meta.Date) error {
	if file == "" {
		return nil
	}
	m := memoryFile{Schema: memorySchema, Alive: map[string]string{}}
	for address, day := range known {
		m.Alive[address] = day.String()
	}
	text, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return fmt.Errorf("remember which addresses answered: %w", err)
	}
	temp, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*")
	if err != nil {
		return fmt.Errorf("remember which addresses answered: %w", err)
	}
	defer os.Remove(temp.Name())
	_, err = temp.Write(append(text, '\n'))
	if err = errors.Join(err, temp.Close()); err == nil {
		err = os.Rename(temp.Name(), file)
	}
	if err != nil {
		return fmt.Errorf("remember which addresses answered: %w", err)
	}
	return nil
}

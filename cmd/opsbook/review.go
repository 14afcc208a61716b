package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"opsbook/generator"
	"opsbook/internal/config"
	"opsbook/internal/edit"
)

// mostReviewed is how many documents a person may have reviewed without saying so twice.
const mostReviewed = 10

type reviewCmd struct {
	Files  []string `arg:"" name:"file" help:"Documents that were reviewed."`
	All    bool     `help:"Record more than 10 documents at once."`
	As     string   `help:"Id of who reviewed (default: by git's user.email in directory.yaml)." placeholder:"ID"`
	Source string   `help:"Folder of Markdown (default: content, else .)." placeholder:"DIR"`
	Clock  string   `help:"Record this day instead of today." placeholder:"YYYY-MM-DD"`
}

// Run writes last_reviewed and reviewed_by into each file and keeps every other byte.
func (c *reviewCmd) Run(ctx context.Context, a *app) error {
	in, err := a.input(place{Source: c.Source}, shape{Clock: c.Clock, History: "none"})
	if err != nil {
		return err
	}
	content, err := generator.Load(ctx, in, generator.NewMemory())
	if err != nil {
		return err
	}
	who, err := reviewer(ctx, content.Site.Directory, c.As)
	if err != nil {
		return err
	}
	if len(c.Files) > mostReviewed && !c.All {
		return usage("record a review of %d documents: nobody reads that many in one go; review fewer, or say --all", len(c.Files))
	}
	for _, file := range c.Files {
		if err := record(file, content.Site.Clock.String(), who); err != nil {
			return err
		}
		fmt.Fprintf(a.stdout, "%s: reviewed on %s by %s\n", file, content.Site.Clock, who)
	}
	return nil
}

// record changes one file. The new text takes the old one's place in one step.
func record(file, day, who string) error {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return usage("record a review: there is no file %s", file)
	}
	if err != nil {
		return fmt.Errorf("record a review: %w", err)
	}
	for _, set := range [][2]string{{"last_reviewed", day}, {"reviewed_by", who}} {
		if text, err = edit.Set(text, set[0], set[1]); err != nil {
			return exit{exitFound, fmt.Errorf("record a review in %s: %w", file, err)}
		}
	}
	return replace(file, text)
}

// replace writes a file beside the old one and renames it over it, keeping its permissions.
func replace(file string, text []byte) error {
	info, err := os.Stat(file)
	if err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	temp, err := os.CreateTemp(filepath.Dir(file), ".opsbook-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	defer os.Remove(temp.Name())
	_, err = temp.Write(text)
	err = errors.Join(err, temp.Chmod(info.Mode().Perm()), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), file)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	return nil
}

// reviewer is the id of who reviews: the one named, else the party whose contact is git's user.email.
func reviewer(ctx context.Context, dir *config.Directory, as string) (string, error) {
	if as != "" {
		if _, known := dir.Party(as); !known && dir.File != "" {
			return "", usage("record a review: %s is in no team, person or vendor of %s", as, dir.File)
		}
		return as, nil
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, "git", "config", "user.email").Output()
	email := strings.TrimSpace(string(out))
	if err != nil || email == "" {
		return "", usage("record a review: git has no user.email; say who reviewed with --as ID")
	}
	for _, p := range dir.Parties {
		for _, contact := range p.Contacts {
			if contact.Kind == "email" && strings.EqualFold(contact.Text, email) {
				return p.ID, nil
			}
		}
	}
	return "", usage("record a review: nobody in directory.yaml has the address %s; add it, or say who reviewed with --as ID", email)
}

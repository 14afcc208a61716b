package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"io"
	"os"
	"strings"
)

// programIdentity stands for this program in what it remembers: its version, or, while somebody works on it and many programs have the same
// version, what the linker wrote into its file. It is "" when that cannot be told, and then less is remembered.
func programIdentity() string {
	v := programVersion()
	if v != "dev" && !strings.HasSuffix(v, "+dirty") {
		return v
	}
	name, err := os.Executable()
	if err != nil {
		return ""
	}
	f, err := os.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	return identityOf(f)
}

// The Go linker writes a build id, whose last part is a hash of the whole program, into a note of an ELF file and elsewhere before the code.
var (
	elfNote = []byte("\x04\x00\x00\x00Go\x00\x00") // type and name; the size of what follows stands before
	marker  = []byte("\xff Go build ID: \"")
)

// identityOf returns the build id of a program, or the hash of one that was linked without.
func identityOf(program io.ReadSeeker) string {
	head := make([]byte, 64<<10)
	n, err := io.ReadFull(program, head)
	if err != nil && err != io.ErrUnexpectedEOF {
		return ""
	}
	if id := buildID(head[:n]); strings.Count(id, "/") == 3 {
		return "build " + id
	}
	h := sha256.New()
	if _, err := program.Seek(0, io.SeekStart); err != nil {
		return ""
	}
	if _, err := io.Copy(h, program); err != nil {
		return ""
	}
	return "file " + hex.EncodeToString(h.Sum(nil))
}

// buildID finds the build id in the beginning of a program.
func buildID(head []byte) string {
	if _, after, ok := bytes.Cut(head, marker); ok {
		id, _, _ := bytes.Cut(after, []byte{'"'})
		return string(id)
	}
	at := bytes.Index(head, elfNote)
	if at < 4 {
		return ""
	}
	size, from := int(binary.LittleEndian.Uint32(head[at-4:])), at+len(elfNote)
	if size < 0 || size > len(head)-from {
		return ""
	}
	return string(head[from : from+size])
}

package install

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
)

const (
	keySize = 32 // AES-256
	idSize  = 4
	// sealVersion is the first byte of what is sealed, should its form change.
	sealVersion = 1
	// howToMake tells where a key comes from.
	howToMake = "a key is 32 random bytes as base64 or hex, as openssl rand -base64 32 prints them"
)

var (
	// ErrOtherKey says that something was sealed with a key that the vault has not.
	ErrOtherKey = errors.New("the key doesn't open what is stored")
	// ErrDamaged says that something is not as it was sealed, or stands in
	// another's place.
	ErrDamaged = errors.New("what is stored is not what was sealed there")
)

// Vault seals what the store may keep and nobody may read, and opens it again.
// The first of its keys seals; what an older one sealed is still opened, so that
// a key can be changed. It is safe for concurrent use.
type Vault struct {
	keys   []vaultKey
	states []byte // signs the states of installations
	mu     sync.Mutex
	random io.Reader
}

// vaultKey is a key with the name that stands before what it sealed. The name
// is derived from the key and tells nothing of it.
type vaultKey struct {
	id   [idSize]byte
	aead cipher.AEAD
}

// NewVault makes a vault of keys as text, the newest first. Random is where
// nonces come from, such as crypto/rand's Reader.
func NewVault(random io.Reader, keys ...string) (*Vault, error) {
	if random == nil || len(keys) == 0 {
		return nil, errors.New("the vault for Slack's tokens has no key: " + howToMake)
	}
	v := &Vault{random: random}
	for i, text := range keys {
		key, err := readKey(text)
		if err != nil {
			return nil, fmt.Errorf("key %d of the vault for Slack's tokens: %w", i+1, err)
		}
		k, err := newKey(key)
		if err != nil {
			return nil, err
		}
		for _, other := range v.keys {
			if other.id == k.id {
				return nil, fmt.Errorf("key %d of the vault for Slack's tokens is one of those before it", i+1)
			}
		}
		v.keys = append(v.keys, k)
		if i > 0 {
			continue
		}
		if v.states, err = derive(key, "state"); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// readKey reads a key. Its errors hold nothing of it.
func readKey(text string) ([]byte, error) {
	text = strings.TrimSpace(text)
	key, err := hex.DecodeString(text)
	if err != nil {
		plain := strings.TrimRight(text, "=")
		if key, err = base64.RawStdEncoding.DecodeString(plain); err != nil {
			key, err = base64.RawURLEncoding.DecodeString(plain)
		}
	}
	switch {
	case err != nil:
		return nil, errors.New("it is neither base64 nor hex; " + howToMake)
	case len(key) != keySize:
		return nil, fmt.Errorf("it has %d bytes; %s", len(key), howToMake)
	case bytes.Count(key, key[:1]) == keySize:
		return nil, errors.New("it is one byte over and over; " + howToMake)
	}
	return key, nil
}

func newKey(key []byte) (k vaultKey, err error) {
	seal, err := derive(key, "seal")
	if err != nil {
		return k, err
	}
	name, err := derive(key, "name")
	if err != nil {
		return k, err
	}
	copy(k.id[:], name)
	block, err := aes.NewCipher(seal)
	if err != nil {
		return k, err
	}
	k.aead, err = cipher.NewGCM(block)
	return k, err
}

// derive makes a key for one purpose, so that what one of them does tells
// nothing of the others.
func derive(key []byte, purpose string) ([]byte, error) {
	return hkdf.Key(sha256.New, key, nil, "tandem slack install "+purpose, keySize)
}

// fill reads random bytes. The source need not be safe for concurrent use.
func (v *Vault) fill(b []byte) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if _, err := io.ReadFull(v.random, b); err != nil {
		return fmt.Errorf("no random bytes: %w", err)
	}
	return nil
}

// bound is what a sealed value is bound to: how it was sealed, and the workspace
// and organisation that it belongs to. Elsewhere it doesn't open.
func bound(head []byte, team, enterprise string) []byte {
	b := append([]byte(nil), head...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(team)))
	return append(append(b, team...), enterprise...)
}

// Seal seals for a workspace and organisation.
func (v *Vault) Seal(plain []byte, team, enterprise string) ([]byte, error) {
	k := v.keys[0]
	head := append([]byte{sealVersion}, k.id[:]...)
	nonce := make([]byte, k.aead.NonceSize())
	if err := v.fill(nonce); err != nil {
		return nil, err
	}
	out := append(append([]byte(nil), head...), nonce...)
	return k.aead.Seal(out, nonce, plain, bound(head, team, enterprise)), nil
}

// Open opens what was sealed for a workspace and organisation. Its errors are
// ErrOtherKey or ErrDamaged, and say what to do.
func (v *Vault) Open(sealed []byte, team, enterprise string) ([]byte, error) {
	const headSize = 1 + idSize
	if len(sealed) < headSize || sealed[0] != sealVersion {
		return nil, fmt.Errorf("%w: install Tandem there again", ErrDamaged)
	}
	head, rest := sealed[:headSize], sealed[headSize:]
	for _, k := range v.keys {
		if !bytes.Equal(head[1:], k.id[:]) {
			continue
		}
		if len(rest) < k.aead.NonceSize() {
			return nil, fmt.Errorf("%w: install Tandem there again", ErrDamaged)
		}
		nonce, text := rest[:k.aead.NonceSize()], rest[k.aead.NonceSize():]
		plain, err := k.aead.Open(nil, nonce, text, bound(head, team, enterprise))
		if err != nil {
			return nil, fmt.Errorf("%w: it was changed, or moved from another workspace; install Tandem there again", ErrDamaged)
		}
		return plain, nil
	}
	return nil, fmt.Errorf("%w: the key named %x sealed it and %s; give that key as well, after the new one, or install Tandem there again",
		ErrOtherKey, head[1:], v.names())
}

// names says which keys there are.
func (v *Vault) names() string {
	var names []string
	for _, k := range v.keys {
		names = append(names, hex.EncodeToString(k.id[:]))
	}
	if len(names) == 1 {
		return "the one given is " + names[0]
	}
	return "those given are " + strings.Join(names, ", ")
}

// newest reports whether the first key sealed something.
func (v *Vault) newest(sealed []byte) bool {
	return len(sealed) > idSize && bytes.Equal(sealed[1:1+idSize], v.keys[0].id[:])
}

// String names the vault and shows no key, whatever prints it.
func (v *Vault) String() string { return "vault (" + v.names() + ")" }

// GoString is String.
func (v *Vault) GoString() string { return v.String() }

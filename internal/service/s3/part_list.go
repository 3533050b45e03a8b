package s3

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
)

// A piece is one of the parts that a content is put together from.
type piece struct {
	hash   string
	size   int64
	inline []byte // where it is kept in the store
}

const pieceLength = sha256.Size + 8

// composedPrefix begins the name of a content that is put together. No other content has such a name: were it a mere hash, somebody
// could send the list itself as a content, and read by that what the parts of another object contain.
const composedPrefix = "m"

// formatParts spells a list of parts in the least room: there may be ten thousand. The name of the content is the hash of the list.
func formatParts(parts []piece) (list []byte, hash string, err error) {
	for _, p := range parts {
		sum, err := hex.DecodeString(p.hash)
		if err != nil || len(sum) != sha256.Size {
			return nil, "", errors.New("list of parts: " + p.hash + " is no hash")
		}
		list = binary.BigEndian.AppendUint64(append(list, sum...), uint64(p.size))
	}
	sum := sha256.Sum256(append([]byte("parts "), list...))
	return list, composedPrefix + hex.EncodeToString(sum[:]), nil
}

func parseParts(list []byte) ([]piece, error) {
	if len(list)%pieceLength != 0 {
		return nil, errors.New("list of parts: damaged")
	}
	parts := make([]piece, 0, len(list)/pieceLength)
	for ; len(list) > 0; list = list[pieceLength:] {
		parts = append(parts, piece{
			hash: hex.EncodeToString(list[:sha256.Size]),
			size: int64(binary.BigEndian.Uint64(list[sha256.Size:pieceLength])),
		})
	}
	return parts, nil
}

package identity

// AccountOf returns the account that an access key belongs to, and whether that is known: ids of this server carry it, and of
// others the directory knows it. The key may be long gone.
func (r Reader) AccountOf(id AccessKeyID) (account string, known bool, err error) {
	record, found, err := get[directoryRecord](r.store.Foreign(spaceDirectory), directoryKey(id))
	if err != nil || found {
		return record.Account, found, err
	}
	account, known = id.Account()
	return account, known, nil
}

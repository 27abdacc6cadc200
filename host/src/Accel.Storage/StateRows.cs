using System.Buffers.Binary;
using System.Security.Cryptography;
using Accel.Derivatives.State;
using Microsoft.Data.Sqlite;

namespace Accel.Storage;

/// <summary>The tables of a state store and the bytes of their rows.</summary>
internal static class StateRows
{
    public const long Version = 1;

    /// <summary>
    /// A journal of what was accepted, and the accounts and nodes that follow from it. Nobody changes or removes a journal's row, not even by
    /// mistake.
    /// </summary>
    public static readonly string[] Schema =
    [
        "CREATE TABLE base (version INTEGER NOT NULL, number INTEGER NOT NULL, root BLOB NOT NULL)",
        "CREATE TABLE batches (number INTEGER PRIMARY KEY, old_root BLOB NOT NULL, new_root BLOB NOT NULL, words BLOB NOT NULL, digest BLOB NOT NULL)",
        "CREATE TABLE accounts (leaf INTEGER PRIMARY KEY, words BLOB NOT NULL)",
        "CREATE TABLE nodes (level INTEGER NOT NULL, idx INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (level, idx)) WITHOUT ROWID",
        "CREATE TRIGGER batches_stay BEFORE UPDATE ON batches BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
        "CREATE TRIGGER batches_remain BEFORE DELETE ON batches BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
    ];

    public const string InsertBase = "INSERT INTO base VALUES ($version, $number, $root)";
    public const string InsertBatch = "INSERT INTO batches VALUES ($number, $old, $new, $words, $digest)";
    public const string PutAccount = "INSERT OR REPLACE INTO accounts VALUES ($leaf, $words)";
    public const string RemoveAccount = "DELETE FROM accounts WHERE leaf = $leaf";
    public const string PutNode = "INSERT OR REPLACE INTO nodes VALUES ($level, $index, $hash)";
    public const string RemoveNode = "DELETE FROM nodes WHERE level = $level AND idx = $index";
    public const string SelectBase = "SELECT version, number, root FROM base";
    public const string SelectBatches = "SELECT number, old_root, new_root, words, digest FROM batches WHERE number >= $from ORDER BY number LIMIT $count";
    public const string SelectAccounts = "SELECT leaf, words FROM accounts ORDER BY leaf";
    public const string SelectNodes = "SELECT level, idx, hash FROM nodes";

    public static byte[] ToBytes(Fr value)
    {
        byte[] bytes = new byte[Fr.ByteLength];
        value.WriteCanonical(bytes);
        return bytes;
    }

    public static Fr? ReadElement(byte[] bytes) => bytes.Length == Fr.ByteLength && Fr.TryReadCanonical(bytes, out Fr value) ? value : null;

    /// <summary>SHA-256 over the row before, so that no row is lost or moved unnoticed, and everything in this one.</summary>
    public static byte[] DigestOf(byte[] before, PublishedBatch batch)
    {
        byte[] number = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(number, batch.Number);
        return SHA256.HashData([.. before, .. number, .. ToBytes(batch.OldRoot), .. ToBytes(batch.NewRoot), .. DiffWord.ToBytes([.. batch.Words])]);
    }

    /// <summary>What the first row's digest begins with.</summary>
    public static byte[] DigestOf(ulong baseNumber, Fr baseRoot)
    {
        byte[] number = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(number, baseNumber);
        return SHA256.HashData([.. "accel state store"u8, .. number, .. ToBytes(baseRoot)]);
    }

    public static byte[] Blob(SqliteDataReader reader, int column) => reader.GetFieldValue<byte[]>(column);
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using Accel.Proving.Formats;

namespace Accel.Derivatives.State;

/// <summary>
/// A whole state in a file, after one batch. Little-endian: magic (8), version (4), batch number (8), root (32, canonical), accounts (4); per account
/// the number of its words (2) and the words of the record that opens it, 31 bytes each; last SHA-256 of all before (32).
/// </summary>
/// <param name="BatchNumber">The last batch in it; zero for a state before any batch.</param>
/// <param name="State">The state.</param>
public sealed record StateSnapshot(ulong BatchNumber, ExchangeState State)
{
    private const uint Version = 1;
    private const int HeaderBytes = 56;

    private static ReadOnlySpan<byte> Magic => "ACCLSNAP"u8;

    /// <summary>Writes the snapshot.</summary>
    /// <param name="stream">Receives the file.</param>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] header = new byte[HeaderBytes];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(12), BatchNumber);
        State.Root.WriteCanonical(header.AsSpan(20));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(52), State.Accounts.Count);
        Put(header);
        foreach ((int leaf, Account account) in State.Accounts)
        {
            Fr[] words = LeafDiff.Opening(leaf, account);
            byte[] count = new byte[sizeof(ushort)];
            BinaryPrimitives.WriteUInt16LittleEndian(count, (ushort)words.Length);
            Put(count);
            Put(DiffWord.ToBytes(words));
        }

        stream.Write(hash.GetHashAndReset());

        void Put(byte[] bytes)
        {
            hash.AppendData(bytes);
            stream.Write(bytes);
        }
    }

    /// <summary>Reads a snapshot and checks it: the file's hash, every account, and the root that they give.</summary>
    /// <param name="name">The name that messages begin with.</param>
    /// <param name="content">The whole file.</param>
    /// <exception cref="InvalidFileException">It is no snapshot, or not what it says.</exception>
    public static StateSnapshot Read(string name, ReadOnlySpan<byte> content)
    {
        if (content.Length < HeaderBytes + SHA256.HashSizeInBytes || !content.StartsWith(Magic))
        {
            throw new InvalidFileException(name, "the file does not begin with the header of a state snapshot", offset: 0);
        }

        uint version = BinaryPrimitives.ReadUInt32LittleEndian(content[8..]);
        if (version != Version)
        {
            throw new InvalidFileException(name, $"version {version} is not known; version {Version} is", offset: 8);
        }

        ReadOnlySpan<byte> body = content[..^SHA256.HashSizeInBytes];
        if (!SHA256.HashData(body).AsSpan().SequenceEqual(content[body.Length..]))
        {
            throw new InvalidFileException(name, "the file's hash is not that of its content: it was changed or cut short", offset: body.Length);
        }

        ExchangeState state = ReadAccounts(name, body);
        return Fr.TryReadCanonical(body.Slice(20, Fr.ByteLength), out Fr root) && root == state.Root
            ? new StateSnapshot(BinaryPrimitives.ReadUInt64LittleEndian(body[12..]), state)
            : throw new InvalidFileException(name, $"its accounts have the root {state.Root}, which is not the root that it says", offset: 20);
    }

    private static ExchangeState ReadAccounts(string name, ReadOnlySpan<byte> body)
    {
        int count = BinaryPrimitives.ReadInt32LittleEndian(body[52..]);
        var accounts = new List<KeyValuePair<int, Account>>();
        int at = HeaderBytes;
        for (int i = 0; i < count; i++)
        {
            int bytes = body.Length - at < sizeof(ushort) ? -1 : DiffWord.Bytes * BinaryPrimitives.ReadUInt16LittleEndian(body[at..]);
            if (bytes < 0 || bytes > body.Length - at - sizeof(ushort))
            {
                throw new InvalidFileException(name, $"the file ends inside account {i} of {count}", offset: at);
            }

            try
            {
                accounts.Add(LeafDiff.ReadOpening(DiffWord.FromBytes(body.Slice(at + sizeof(ushort), bytes))));
            }
            catch (StateDiffException error)
            {
                throw new InvalidFileException(name, $"account {i}: {error.Message}", offset: at, inner: error);
            }

            at += sizeof(ushort) + bytes;
        }

        return at == body.Length
            ? ExchangeState.Empty.With(accounts)
            : throw new InvalidFileException(name, $"{body.Length - at} bytes follow the last account", offset: at);
    }
}

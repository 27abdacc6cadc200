using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Accel.Storage;
using Microsoft.Data.Sqlite;

namespace Accel.Network.Jobs;

/// <summary>The tables of a job store and the content of their rows.</summary>
internal static class JobRows
{
    /// <summary>A row of jobs lasts until the client forgets the job; its witness only until it is finished.</summary>
    public static readonly IReadOnlyList<IReadOnlyList<string>> Steps =
    [
        [
            """
            CREATE TABLE jobs (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, client TEXT NOT NULL, client_key TEXT NOT NULL,
              content_hash BLOB NOT NULL, circuit TEXT NOT NULL, state INTEGER NOT NULL, attempts INTEGER NOT NULL, reason TEXT,
              submitted_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL, UNIQUE (client, client_key))
            """,
            "CREATE INDEX jobs_by_state ON jobs (state, number)",
            "CREATE TABLE witnesses (id TEXT PRIMARY KEY, bytes INTEGER NOT NULL, content BLOB NOT NULL)",
            "CREATE TABLE proofs (id TEXT PRIMARY KEY, proof TEXT NOT NULL, public_inputs TEXT NOT NULL)",
            """
            CREATE TABLE events (id TEXT NOT NULL, sequence INTEGER NOT NULL, state INTEGER NOT NULL, attempt INTEGER NOT NULL, reason TEXT,
              at_ms INTEGER NOT NULL, PRIMARY KEY (id, sequence)) WITHOUT ROWID
            """,
            "CREATE TABLE submissions (client TEXT NOT NULL, at_ms INTEGER NOT NULL)",
            "CREATE INDEX submissions_by_client ON submissions (client, at_ms)",
        ],
    ];

    public const string Columns = "id, client, client_key, circuit, state, attempts, reason, submitted_ms, changed_ms, content_hash";
    public const string SelectById = $"SELECT {Columns} FROM jobs WHERE id = $id";
    public const string SelectByKey = $"SELECT {Columns} FROM jobs WHERE client = $client AND client_key = $key";
    public const string SelectByState = $"SELECT {Columns} FROM jobs WHERE state = $state ORDER BY number LIMIT $count";
    public const string SelectWitness = "SELECT content FROM witnesses WHERE id = $id";
    public const string SelectProof = "SELECT proof, public_inputs FROM proofs WHERE id = $id";
    public const string SelectEvents = "SELECT sequence, state, attempt, reason, at_ms FROM events WHERE id = $id AND sequence > $after ORDER BY sequence";
    public const string CountByState = "SELECT COUNT(*) FROM jobs WHERE state = $state";
    public const string CountUnfinishedOfClient = "SELECT COUNT(*) FROM jobs WHERE client = $client AND state IN (0, 1)";
    public const string CountSubmissions = "SELECT COUNT(*) FROM submissions WHERE client = $client AND at_ms > $since";
    public const string SumWitnesses = "SELECT COALESCE(SUM(bytes), 0) FROM witnesses";

    public const string InsertJob = "INSERT INTO jobs VALUES (NULL, $id, $client, $key, $hash, $circuit, 0, 0, NULL, $now, $now)";
    public const string InsertWitness = "INSERT INTO witnesses VALUES ($id, $bytes, $content)";
    public const string InsertProof = "INSERT INTO proofs VALUES ($id, $proof, $inputs)";
    public const string InsertSubmission = "INSERT INTO submissions VALUES ($client, $now)";

    public const string InsertEvent =
        "INSERT INTO events SELECT $id, COALESCE(MAX(sequence), 0) + 1, $state, $attempt, $reason, $now FROM events WHERE id = $id";

    /// <summary>Only from the state and the attempt that the caller knows: of two that would end a job, one does.</summary>
    public const string Move =
        "UPDATE jobs SET state = $to, attempts = $attempts, reason = $reason, changed_ms = $now WHERE id = $id AND state = $from AND attempts = $known";

    public const string DeleteWitness = "DELETE FROM witnesses WHERE id = $id";
    public const string DeleteProof = "DELETE FROM proofs WHERE id = $id";
    public const string DeleteEvents = "DELETE FROM events WHERE id = $id";
    public const string DeleteJob = "DELETE FROM jobs WHERE id = $id";
    public const string DeleteSubmissions = "DELETE FROM submissions WHERE at_ms <= $since";

    public static (Job Job, byte[] ContentHash) ReadJob(SqliteDataReader reader, string file) => (
        new Job(
            JobId.TryParse(reader.GetString(0), out JobId id) ? id : throw new CorruptStoreException(file, $"jobs: '{reader.GetString(0)}' is no job's name"),
            reader.GetString(1), reader.GetString(2), reader.GetString(3), ReadState(reader, 4, file), reader.GetInt32(5),
            reader.IsDBNull(6) ? null : reader.GetString(6), ReadTime(reader, 7), ReadTime(reader, 8)),
        reader.GetFieldValue<byte[]>(9));

    public static JobEvent ReadEvent(SqliteDataReader reader, JobId id, string file) => new(
        id, reader.GetInt64(0), ReadState(reader, 1, file), reader.GetInt32(2), null, reader.IsDBNull(3) ? null : reader.GetString(3), ReadTime(reader, 4));

    /// <summary>SHA-256 over the circuit's name, its length before it, and the witness.</summary>
    public static byte[] ContentHash(JobSubmission submission)
    {
        byte[] name = Encoding.UTF8.GetBytes(submission.Circuit);
        byte[] length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, name.Length);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(length);
        hash.AppendData(name);
        hash.AppendData(submission.Witness.Span);
        return hash.GetHashAndReset();
    }

    private static JobState ReadState(SqliteDataReader reader, int column, string file)
    {
        JobState state = (JobState)reader.GetInt32(column);
        return Enum.IsDefined(state)
            ? state
            : throw new CorruptStoreException(file, string.Create(CultureInfo.InvariantCulture, $"there is no state {(int)state} of a job"));
    }

    private static DateTimeOffset ReadTime(SqliteDataReader reader, int column) => DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(column));
}

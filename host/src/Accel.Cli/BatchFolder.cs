using System.Text.Json;
using Accel.Network.Evm;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;

namespace Accel.Cli;

/// <summary>What <c>batch.json</c> says of a settled batch, beside the proof and its public inputs.</summary>
/// <param name="Format">Always <see cref="CurrentFormat"/>.</param>
/// <param name="ChainId">The chain that the proof is bound to.</param>
/// <param name="Contract">The settlement contract that the proof is bound to.</param>
/// <param name="BatchNumber">The batch's number, from 0.</param>
/// <param name="FirstLeaf">First leaf covered.</param>
/// <param name="LeavesPerBatch">Leaves that the circuit covers.</param>
/// <param name="AccountCount">Registered accounts, at leaves 0 … AccountCount − 1.</param>
/// <param name="OracleTime">Snapshot time, Unix seconds.</param>
/// <param name="Circuit">Name of the circuit and its shape.</param>
/// <param name="CircuitDigest">SHA-256 of the compiled circuit.</param>
/// <param name="Constraints">Number of constraints.</param>
/// <param name="DevelopmentKey">Whether the key was made by one party.</param>
/// <param name="PhasesMs">Milliseconds of each phase.</param>
internal sealed record BatchRecord(
    string Format, ulong ChainId, string Contract, ulong BatchNumber, ulong FirstLeaf, ulong LeavesPerBatch, ulong AccountCount,
    ulong OracleTime, string Circuit, string CircuitDigest, int Constraints, bool DevelopmentKey, Dictionary<string, double> PhasesMs)
{
    public const string CurrentFormat = "accel-batch-1";
}

/// <summary>The files of one batch: of a settlement, or of trades.</summary>
internal sealed class BatchFolder(string folder)
{
    public string Proof => Path.Combine(folder, "proof.json");

    public string PublicInputs => Path.Combine(folder, "public.json");

    public string VerificationKey => Path.Combine(folder, "verification_key.json");

    public string Report => Path.Combine(folder, "report.json");

    public string NewBook => Path.Combine(folder, "book.json");

    public string Diff => Path.Combine(folder, "diff.bin");

    public string Record => Path.Combine(folder, "batch.json");

    public string Trades => Path.Combine(folder, "trades.json");

    public void WriteProof(ProofResult result, VerificationKey key)
    {
        OutputFile.Write(Proof, stream => ProofJson.Write(stream, result.Proof));
        OutputFile.Write(PublicInputs, stream => PublicJson.Write(stream, result.PublicInputs));
        OutputFile.Write(VerificationKey, stream => VerificationKeyJson.Write(stream, key));
    }

    public void WriteRecord(BatchRecord record) =>
        OutputFile.Write(Record, stream => JsonSerializer.Serialize(stream, record, FileSchema.Default.BatchRecord));

    /// <exception cref="InvalidFileException">The record is missing members, has unknown ones, or is of another format.</exception>
    public BatchRecord ReadRecord()
    {
        try
        {
            using FileStream stream = File.OpenRead(Record);
            BatchRecord record = JsonSerializer.Deserialize(stream, FileSchema.Default.BatchRecord)
                ?? throw new InvalidFileException(Record, "it holds null");
            return record.Format == BatchRecord.CurrentFormat
                ? record
                : throw new InvalidFileException(Record, $"format is '{record.Format}', not '{BatchRecord.CurrentFormat}'");
        }
        catch (JsonException exception)
        {
            throw new InvalidFileException(
                Path.GetFileName(Record), $"line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}, {exception.Path}: not a batch record as `accel settle` writes it", inner: exception);
        }
    }

    public EvmAddress ContractOf(BatchRecord record)
    {
        try
        {
            return EvmAddress.Parse(record.Contract);
        }
        catch (FormatException exception)
        {
            throw new InvalidFileException(Path.GetFileName(Record), $"contract: {exception.Message}", inner: exception);
        }
    }
}

using System.Collections.Frozen;
using System.Text;
using Accel.Compute;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;
using Accel.Proving.Solver;

namespace Accel.Network.Jobs;

/// <summary>
/// Proves uploaded witnesses with the keys of a folder: each of its folders is a circuit by its name and holds <c>circuit.zkey</c>, and
/// <c>circuit.r1cs</c> where each constraint is to be checked before a job is accepted.
/// </summary>
public sealed class WitnessProver : IJobProver
{
    /// <summary>A circuit's proving key.</summary>
    public const string KeyFile = "circuit.zkey";

    /// <summary>A circuit's constraints; may be missing.</summary>
    public const string ConstraintFile = "circuit.r1cs";

    private readonly FrozenDictionary<string, Registered> _circuits;

    private WitnessProver(Dictionary<string, Registered> circuits)
    {
        _circuits = circuits.ToFrozenDictionary(StringComparer.Ordinal);
        Circuits = circuits.ToFrozenDictionary(entry => entry.Key, entry => entry.Value.Circuit, StringComparer.Ordinal);
    }

    /// <inheritdoc />
    public IReadOnlyDictionary<string, JobCircuit> Circuits { get; }

    /// <summary>Reads and checks every key of a folder, and makes it resident on a backend.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="backend">What computes; it must stay open while the prover is used.</param>
    /// <param name="threads">Threads for what the prover itself computes, at least 1.</param>
    /// <param name="cancel">Cancels the work.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">No circuit is in it, or one's files do not belong together.</exception>
    /// <exception cref="InvalidFileException">A file is malformed.</exception>
    public static async Task<WitnessProver> OpenAsync(string folder, IComputeBackend backend, int threads, CancellationToken cancel)
    {
        Dictionary<string, Registered> circuits = [];
        try
        {
            foreach (string path in Directory.GetDirectories(folder).Order(StringComparer.Ordinal))
            {
                string name = Path.GetFileName(path);
                circuits.Add(name, await OpenCircuitAsync(name, path, backend, threads, cancel));
            }

            return circuits.Count > 0
                ? new WitnessProver(circuits)
                : throw new InvalidDataException($"{folder}: no circuit is registered here; make a folder by the circuit's name and put {KeyFile} into it");
        }
        catch
        {
            foreach (Registered circuit in circuits.Values)
            {
                await circuit.DisposeAsync();
            }

            throw;
        }
    }

    /// <inheritdoc />
    public void Check(string circuit, ReadOnlyMemory<byte> witness) => ReadChecked(Require(circuit), witness);

    /// <inheritdoc />
    public async Task<JobProof> ProveAsync(string circuit, ReadOnlyMemory<byte> witness, IProgress<ProofPhase> progress, CancellationToken cancel)
    {
        Registered registered = Require(circuit);
        Fr[] wires = ReadChecked(registered, witness);
        try
        {
            ProofResult result = await registered.Service.ProveAsync(wires, progress, cancel);
            return new JobProof(Text(stream => ProofJson.Write(stream, result.Proof)), Text(stream => PublicJson.Write(stream, result.PublicInputs)));
        }
        catch (UnverifiedProofException unverified) when (registered.Constraints is null)
        {
            throw new UnprovableRequestException($"{unverified.Message}; {ConstraintFile} is not registered for '{circuit}', so the constraint is not known", unverified);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (Registered circuit in _circuits.Values)
        {
            await circuit.DisposeAsync();
        }
    }

    private static async Task<Registered> OpenCircuitAsync(string name, string folder, IComputeBackend backend, int threads, CancellationToken cancel)
    {
        ProvingKey key = ZkeyFile.Read(Path.Combine(folder, KeyFile));
        try
        {
            if (key.Commitments is not null)
            {
                throw new InvalidDataException($"{folder}: the key draws challenges from commitments, so that a finished witness cannot be proved with it");
            }

            string constraintPath = Path.Combine(folder, ConstraintFile);
            R1csFile? constraints = File.Exists(constraintPath) ? R1csFile.Read(constraintPath) : null;
            if (constraints is not null && !WitnessCheck.IsKeyFor(key, constraints))
            {
                throw new InvalidDataException($"{folder}: {KeyFile} was not made for {ConstraintFile}");
            }

            ProvingServiceOptions options = new() { ProofsAtOnce = 1, Prover = new ProverOptions { ThreadCount = threads } };
            ProvingService service = await ProvingService.StartAsync(key, backend, options, cancel);
            JobCircuit circuit = new(name, key.Header.WireCount, key.Header.PublicCount, key.IsForDevelopment, constraints is not null);
            return new Registered(circuit, key, service, constraints);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    private static Fr[] ReadChecked(Registered circuit, ReadOnlyMemory<byte> witness)
    {
        Fr[] wires;
        try
        {
            wires = WitnessFile.Read("witness", witness);
        }
        catch (InvalidFileException malformed)
        {
            throw new UnprovableRequestException(malformed.Message, malformed);
        }

        if (wires.Length != circuit.Circuit.Wires)
        {
            throw new UnprovableRequestException($"the witness has {wires.Length:N0} values, but circuit '{circuit.Circuit.Name}' has {circuit.Circuit.Wires:N0} wires");
        }

        return circuit.Constraints is { } constraints && WitnessCheck.FirstViolation(circuit.Circuit.Name, constraints, wires) is { } violation
            ? throw new UnprovableRequestException($"the statement is false: {violation}")
            : wires;
    }

    private static string Text(Action<Stream> write)
    {
        using MemoryStream stream = new();
        write(stream);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private Registered Require(string circuit) => _circuits.GetValueOrDefault(circuit)
        ?? throw new UnprovableRequestException($"there is no circuit '{circuit}'; there is: {string.Join(", ", _circuits.Keys.Order(StringComparer.Ordinal))}");

    private sealed record Registered(JobCircuit Circuit, ProvingKey Key, ProvingService Service, R1csFile? Constraints) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Service.DisposeAsync();
            Key.Dispose();
        }
    }
}

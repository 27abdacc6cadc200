using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Accel.Compute;
using Accel.Derivatives.Circuits;
using Accel.Derivatives.Market;
using Accel.Derivatives.Settlement;
using Accel.Network.Evm;
using Accel.Network.Settlement;
using Accel.Proving.Frontend;
using Accel.Proving.Groth16;
using Spectre.Console;

namespace Accel.Cli.Commands;

/// <summary><c>accel settle</c>: from market data and a book to a proof.</summary>
internal static class SettleCommand
{
    /// <summary>The EVM verifies the proof directly, so the public fields are raw; the hashed face is for recursion.</summary>
    private const PublicFace Face = PublicFace.RawFields;

    private const string DevelopmentOracleSeed = "accel development oracle";

    public static Command Create()
    {
        Option<string> market = new("--market") { Description = "Market snapshot, CSV in Deribit's columns, plain or .gz.", Required = true };
        Option<string> book = new("--book") { Description = "Accounts, cash and positions, JSON.", Required = true };
        Option<string> output = new("--out") { Description = "Folder that receives proof.json, public.json, verification_key.json, batch.json, report.json, book.json and diff.bin.", Required = true };
        Option<DateTimeOffset?> expiring = new("--expiring") { Description = "Move the oracle's time to this instant (ISO 8601), so that what expires by then settles at the snapshot's index price." };
        Option<ulong> batch = new("--batch-number") { Description = "Number of the batch, the contract's counter." };
        Option<int> firstLeaf = new("--first-leaf") { Description = "First leaf of the range, the contract's cursor." };
        Option<string?> shape = new("--shape") { Description = "Sizes of the batch, instruments x accounts x positions x expiries, such as 1x1x1x1; by default the smallest published ones that hold the book." };
        Option<ulong> chain = new("--chain-id") { Description = "Chain that the proof is bound to.", DefaultValueFactory = _ => LocalChain.Id };
        Option<string> contract = new("--contract") { Description = "Settlement contract that the proof is bound to; by default the one that `accel submit` deploys on a fresh local chain.", DefaultValueFactory = _ => LocalChain.Contract };
        Option<string?> oracleKey = new("--oracle-key") { Description = "File with the oracle's 32-byte private key in hexadecimal. Without it a publicly known development key signs." };
        Option<string?> cache = new("--cache") { Description = "Folder of compiled circuits and development keys; by default the configured folders.cache, else 'accel' in the user's cache folder." };
        Option<string> backend = CommonOptions.Backend();
        Option<int?> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json();
        Command command = new("settle", "Settle a book on a market snapshot: expiries, marks, Greeks, margin and flags for every account, and a proof of all of it.")
        {
            market, book, output, expiring, batch, firstLeaf, shape, chain, contract, oracleKey, cache, backend, threads, json,
        };
        command.SetAction((parsed, cancel) => new Run(
            new Request(
                parsed.GetRequiredValue(market), parsed.GetRequiredValue(book), parsed.GetRequiredValue(output), parsed.GetValue(expiring),
                parsed.GetValue(batch), parsed.GetValue(firstLeaf), parsed.GetValue(shape) is { } sizes ? BatchShape.Parse(sizes) : null, parsed.GetRequiredValue(chain), EvmAddress.Parse(parsed.GetRequiredValue(contract)),
                parsed.GetValue(oracleKey), parsed.GetValue(cache) ?? ArtifactStore.DefaultFolder, parsed.GetRequiredValue(backend), CommonOptions.ThreadCount(parsed, threads)),
            new Reporter(parsed.GetValue(json)),
            cancel).ExecuteAsync());
        return command;
    }

    private sealed record Request(
        string Market, string Book, string Output, DateTimeOffset? Expiring, ulong BatchNumber, int FirstLeaf, BatchShape? Shape, ulong ChainId, EvmAddress Contract,
        string? OracleKey, string Cache, string Backend, int Threads);

    private sealed class Run(Request request, Reporter reporter, CancellationToken cancel)
    {
        public async Task<int> ExecuteAsync()
        {
            SettlementJob job = await reporter.StepAsync("settlement in plain C#", _ => Task.Run(Prepare, cancel));
            ArtifactStore store = new(request.Cache);
            using CompiledCircuit circuit = await store.CircuitAsync(new SettlementCircuit(job.Shape, Face), SettlementCircuit.Hints, reporter);
            await using StatementProver prover = await StatementProver.OpenAsync(store, circuit, request.Backend, request.Threads, reporter, cancel);
            ProofResult proof = await prover.ProveAsync("witness and proof", SettlementAssignment.Of(circuit, Face, job.Result), reporter, cancel);
            BatchRecord record = WriteOutputs(job, circuit, prover.Key, proof);
            reporter.Result(
                new JsonObject
                {
                    ["batch"] = JsonSerializer.SerializeToNode(record, OutputSchema.Default.BatchRecord),
                    ["report"] = JsonSerializer.SerializeToNode(job.Report, OutputSchema.Default.SettlementReport),
                    ["solve"] = DeviceReport.SolveJson(proof),
                    ["operations"] = DeviceReport.Json(prover.Backend),
                    ["link"] = DeviceReport.LinkJson(prover.Backend),
                },
                () => Show(job, record, proof, prover.Backend));
            return ExitStatus.Done;
        }

        private SettlementJob Prepare()
        {
            Book book = BookFile.ReadFile(request.Book);
            MarketSnapshot market = DeribitSnapshotReader.ReadFile(request.Market, book.Underlying);
            return SettlementJob.Prepare(market, book, new SettlementOptions
            {
                OracleKey = ReadOracleKey(),
                Domain = SettlementClient.DomainOf(request.ChainId, request.Contract),
                BatchNumber = request.BatchNumber,
                FirstLeaf = request.FirstLeaf,
                Shape = request.Shape,
                Time = request.Expiring?.ToUnixTimeSeconds(),
            });
        }

        private EdDsaPrivateKey ReadOracleKey()
        {
            if (request.OracleKey is null)
            {
                Reporter.Warn("the snapshot is signed with a publicly known development key; give --oracle-key for another");
                return Book.DevelopmentKey(DevelopmentOracleSeed);
            }

            string text = File.ReadAllText(request.OracleKey).Trim();
            try
            {
                byte[] bytes = Convert.FromHexString(text);
                return bytes.Length == 32 ? new EdDsaPrivateKey(bytes) : throw new FormatException();
            }
            catch (FormatException)
            {
                // The key's text must not reach a message.
                throw new InvalidDataException($"{request.OracleKey}: expected 64 hexadecimal digits");
            }
        }

        private BatchRecord WriteOutputs(SettlementJob job, CompiledCircuit circuit, ProvingKey key, ProofResult proof)
        {
            BatchFolder folder = new(request.Output);
            folder.WriteProof(proof, VerificationKey.FromProvingKey(key));
            OutputFile.Write(folder.Diff, stream => stream.Write(job.Diff));
            OutputFile.WriteText(folder.NewBook, BookFile.Write(job.NewBook));
            OutputFile.Write(folder.Report, stream => JsonSerializer.Serialize(stream, job.Report, FileSchema.Default.SettlementReport));
            BatchRecord record = new(
                BatchRecord.CurrentFormat, request.ChainId, request.Contract.ToString(), request.BatchNumber, (ulong)request.FirstLeaf,
                (ulong)job.Shape.Accounts, (ulong)job.NewBook.Accounts.Max(account => account.Leaf) + 1, (ulong)job.Result.Batch.Snapshot.Snapshot.Time,
                circuit.Name, circuit.Digest, circuit.ConstraintCount, key.IsForDevelopment, ProveGroth16Command.PhasesMs(proof.Timings));
            folder.WriteRecord(record);
            return record;
        }

        private void Show(SettlementJob job, BatchRecord record, ProofResult proof, IComputeBackend backend)
        {
            IAnsiConsole console = Reporter.Console;
            console.WriteLine($"{job.Report.Underlying} at {job.Report.OracleTime}, spot {job.Report.SpotUsd} USD; shape {job.Report.Shape}, batch {record.BatchNumber}");
            foreach (SettledExpiryReport expiry in job.Report.SettledExpiries)
            {
                console.WriteLine($"settled {expiry.Expiry} at {expiry.SettlementUsd} USD");
            }

            console.Write(AccountTable(job.Report));
            console.Write(ProveGroth16Command.PhaseTable(proof.Timings));
            DeviceReport.WriteTransfer(proof);
            DeviceReport.Write(backend);
            console.WriteLine($"{record.Constraints:N0} constraints, proved and verified on {backend.Info.Kind} ({backend.Info.Device})");
            console.WriteLine($"root {job.Report.OldRoot}");
            console.WriteLine($"  -> {job.Report.NewRoot}");
            console.WriteLine($"written to {request.Output}{(record.DevelopmentKey ? "; DEVELOPMENT KEY, made by one party" : string.Empty)}");
        }

        private static Table AccountTable(SettlementReport report)
        {
            Table table = new Table().Border(TableBorder.Simple).AddColumn("account");
            foreach (string column in new[] { "value USD", "delta", "gamma", "vega", "theta", "IM USD", "MM USD" })
            {
                table.AddColumn(new TableColumn(column).RightAligned());
            }

            table.AddColumn("flag");
            foreach (AccountReport account in report.Accounts)
            {
                table.AddRow(
                    Markup.Escape(account.Name), Short(account.ValueUsd, 2), Short(account.Delta, 4), Short(account.Gamma, 6), Short(account.VegaUsd, 2),
                    Short(account.ThetaUsd, 2), Short(account.InitialUsd, 2), Short(account.MaintenanceUsd, 2), account.IsFlagged ? "below MM" : string.Empty);
            }

            return table;
        }

        /// <summary>For the eye only; report.json has every digit.</summary>
        private static string Short(string exact, int decimals) =>
            decimal.Parse(exact, CultureInfo.InvariantCulture).ToString($"N{decimals}", CultureInfo.InvariantCulture);
    }
}

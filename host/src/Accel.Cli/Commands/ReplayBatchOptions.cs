using System.CommandLine;
using System.Globalization;
using Accel.Derivatives.Market;
using Accel.Derivatives.Trading;
using Accel.Derivatives.Trading.Simulation;
using Accel.Network.Evm;
using Accel.Network.Settlement;

namespace Accel.Cli.Commands;

/// <summary>What `accel venue replay` is asked about trade batches.</summary>
/// <param name="Folder">Receives a folder a batch.</param>
/// <param name="Market">Market snapshot.</param>
/// <param name="Instrument">The option that the record's instrument becomes; null chooses one near the money.</param>
/// <param name="Simulation">Members and batches.</param>
/// <param name="Check">Whether every batch is read back and solved.</param>
/// <param name="Prove">How many batches are proved.</param>
/// <param name="Cache">Circuits and keys.</param>
/// <param name="Backend">What computes proofs.</param>
/// <param name="Threads">Host threads.</param>
internal sealed record ReplayBatchRequest(
    string Folder, string Market, Instrument? Instrument, SimulationOptions Simulation, bool Check, int Prove, string Cache, string Backend, int Threads);

/// <summary>The options of `accel venue replay` that concern trade batches.</summary>
internal sealed class ReplayBatchOptions
{
    private const string SampleMarket = "host/samples/market-btc.csv";
    private const string DefaultUnderlying = "BTC";

    private readonly Option<string?> _folder = new("--batches")
    {
        Description = "Book the engine's fills as trade batches of a simulated venue, members and keys made up, into this folder, new or empty: "
            + "batch-000000/trades.json and so on.",
    };

    private readonly Option<string> _market = new("--market")
    {
        Description = "Market snapshot that prices the option, CSV in Deribit's columns, plain or .gz.",
        DefaultValueFactory = _ => SampleMarket,
    };

    private readonly Option<string?> _instrument = new("--instrument")
    {
        Description = "The option that the record's instrument becomes, such as BTC-25JUN27-140000-C; by default the BTC call nearest the forward of "
            + "the first live expiry.",
    };

    private readonly Option<string?> _shape = CircuitOptions.Shape($"of TradeBatch, by default {TradeShape.Standard}");
    private readonly Option<int> _batchesMax = Count("--batches-max", "Batches after which fills are only counted.", 64, 1, 1_000_000);
    private readonly Option<int> _members = Count("--members", "Simulated members.", 16, 2, SimulationOptions.MembersMax);
    private readonly Option<int> _seed = Count("--seed", "Decides the members' keys and who is dealt which order.", 1, 0, int.MaxValue);
    private readonly Option<string> _cash = new("--cash") { Description = "USD that each member begins with.", DefaultValueFactory = _ => "1000000" };
    private readonly Option<bool> _check = new("--check") { Description = "Read each batch back and solve the TradeBatch circuit on it." };
    private readonly Option<int> _prove = Count("--prove", "Prove so many batches, from the first on, with a development key.", 0, 0, 1_000_000);

    private readonly Option<string?> _cache = new("--cache")
    {
        Description = "Folder of compiled circuits and development keys; by default the configured folders.cache, else 'accel' in the user's cache folder.",
    };

    private readonly Option<string> _backend = CommonOptions.Backend();
    private readonly Option<int?> _threads = CommonOptions.Threads();

    /// <summary>Adds the options; one that means nothing without <c>--batches</c> is refused without it.</summary>
    public void AddTo(Command command)
    {
        Option[] dependent = [_market, _instrument, _shape, _batchesMax, _members, _seed, _cash, _check, _prove, _cache, _backend, _threads];
        command.Add(_folder);
        foreach (Option option in dependent)
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(_folder) is null)
            {
                foreach (Option option in dependent.Where(option => result.GetResult(option) is { Implicit: false }))
                {
                    result.AddError($"{option.Name} means nothing without {_folder.Name}");
                }
            }
        });
    }

    /// <summary>Null when no batches are asked for.</summary>
    /// <exception cref="FormatException">An option's text has another form.</exception>
    public ReplayBatchRequest? Of(ParseResult parsed) => parsed.GetValue(_folder) is { } folder
        ? new ReplayBatchRequest(
            folder,
            parsed.GetRequiredValue(_market),
            parsed.GetValue(_instrument) is { } name ? Instrument.Parse(name) : null,
            new SimulationOptions
            {
                Members = parsed.GetValue(_members),
                Seed = parsed.GetValue(_seed),
                Cash = CashAmount.Parse(parsed.GetRequiredValue(_cash)),
                Shape = parsed.GetValue(_shape) is { } sizes ? TradeShape.Parse(sizes) : TradeShape.Standard,
                Domain = SettlementClient.DomainOf(LocalChain.Id, EvmAddress.Parse(LocalChain.Contract)),
                BatchesMax = parsed.GetValue(_batchesMax),
            },
            parsed.GetValue(_check),
            parsed.GetValue(_prove),
            parsed.GetValue(_cache) ?? ArtifactStore.DefaultFolder,
            parsed.GetRequiredValue(_backend),
            CommonOptions.ThreadCount(parsed, _threads))
        : null;

    /// <summary>The market, of the instrument's underlying.</summary>
    public static MarketSnapshot ReadMarket(ReplayBatchRequest request) =>
        DeribitSnapshotReader.ReadFile(request.Market, request.Instrument?.Underlying ?? DefaultUnderlying);

    private static Option<int> Count(string name, string description, int usual, int least, int most)
    {
        Option<int> option = new(name) { Description = description, DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            int value = result.GetValueOrDefault<int>();
            if (value < least || value > most)
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} must be within {least}…{most}"));
            }
        });
        return option;
    }
}

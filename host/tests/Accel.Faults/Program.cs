using System.Globalization;
using System.Text.Json;
using Accel.Faults;

const string Usage = """
    usage: Accel.Faults [--seeds N] [--served N] [--proofs ACCEL.DLL] [--json]
           Accel.Faults run PATH FAULT SEED       repeats one run in virtual time: serial or usb; flip, drop, duplicate, ...

      --seeds N    runs a cell on the link's RTL in process, in virtual time (1000)
      --served N   runs a cell over a pseudo terminal and a mock USB device (25)
      --proofs     one proof on the full core's RTL for each recoverable fault, by this command line; takes an hour
      --json       JSON instead of a table

    """;

if (args is ["job", string jobSeed, string mayBeWrong])
{
    await ServedRun.DoUsbJobAsync(int.Parse(jobSeed, CultureInfo.InvariantCulture), bool.Parse(mayBeWrong));
    return 0;
}

if (args is ["run", string runPath, string runFault, string runSeed])
{
    FaultRun run = FaultRun.InVirtualTime(runPath, Enum.Parse<PathFault>(runFault, ignoreCase: true), int.Parse(runSeed, CultureInfo.InvariantCulture));
    Console.WriteLine(run);
    return run.IsGood ? 0 : 1;
}

(int seeds, int served, string? proofs, bool isJson) = (1000, 25, null, false);
for (int i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--seeds" when i + 1 < args.Length:
            seeds = int.Parse(args[++i], CultureInfo.InvariantCulture);
            break;
        case "--served" when i + 1 < args.Length:
            served = int.Parse(args[++i], CultureInfo.InvariantCulture);
            break;
        case "--proofs" when i + 1 < args.Length:
            proofs = args[++i];
            break;
        case "--json":
            isJson = true;
            break;
        default:
            Console.Error.Write(Usage);
            return 2;
    }
}

if (!ServedRun.IsBuilt)
{
    Console.Error.WriteLine("the simulated card is not built: run `make sim-libraries`");
    return 2;
}

FaultTable table = new(isJson ? TextWriter.Null : Console.Out);
await foreach (FaultCell cell in FaultMatrix.RunAsync(seeds, served, proofs))
{
    table.Add(cell);
}

if (isJson)
{
    Console.WriteLine(JsonSerializer.Serialize(new { schema = 1, cells = table.Cells }, FaultTable.JsonOptions));
}

foreach (string bad in table.Cells.Select(cell => cell.FirstBad).OfType<string>())
{
    Console.Error.WriteLine(bad);
}

if (!isJson)
{
    Console.WriteLine(table.Summary);
}

return table.Cells.All(cell => cell.IsGood) ? 0 : 1;

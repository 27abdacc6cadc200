using Accel.GoldenVectors;

// usage: Accel.GoldenVectors FOLDER [--check]
// Writes field.txt, ntt.txt, msm.txt and link.txt; with --check writes nothing and fails when one of them is stale.
if (args is not ([_] or [_, "--check"]))
{
    await Console.Error.WriteLineAsync("usage: Accel.GoldenVectors FOLDER [--check]");
    return 2;
}

int stale = 0;
foreach ((string name, string text) in new[]
{
    ("field.txt", FieldVectors.Generate()),
    ("ntt.txt", await NttVectors.GenerateAsync()),
    ("msm.txt", await MsmVectors.GenerateAsync()),
    ("link.txt", LinkVectors.Generate()),
})
{
    string path = Path.Combine(args[0], name);
    if (args.Length == 1)
    {
        await File.WriteAllTextAsync(path, text);
        Console.WriteLine($"wrote {path}");
    }
    else if (!File.Exists(path) || await File.ReadAllTextAsync(path) != text)
    {
        await Console.Error.WriteLineAsync($"{path}: stale; run 'make gen'");
        stale++;
    }
}

return stale == 0 ? 0 : 1;

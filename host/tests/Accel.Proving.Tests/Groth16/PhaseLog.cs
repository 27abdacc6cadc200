namespace Accel.Proving.Tests.Groth16;

/// <summary>Keeps what was reported, in order.</summary>
internal sealed class PhaseLog<T> : IProgress<T>
{
    public List<T> Entries { get; } = [];

    public void Report(T value)
    {
        lock (Entries)
        {
            Entries.Add(value);
        }
    }
}

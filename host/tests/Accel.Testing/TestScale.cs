namespace Accel.Testing;

/// <summary>The one knob for counts: <c>ACCEL_TEST_SCALE=long</c> repeats random tests 25 times as often. Rules and seeds stay the same.</summary>
public static class TestScale
{
    private const int LongFactor = 25;

    /// <summary>Whether the long counts were asked for.</summary>
    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("ACCEL_TEST_SCALE") == "long";

    /// <summary>How often to repeat what is usually done <paramref name="usual"/> times.</summary>
    public static int Count(int usual) => IsLong ? usual * LongFactor : usual;
}

using System.Diagnostics;
using Accel.Device.OpenCl;

namespace Accel.Compute.OpenCl;

/// <summary>A short measurement of a device: which work-group sizes are fastest on a product and a transform of some thousand values.</summary>
internal sealed class OpenClTuning(OpenClBackend backend, OpenClDevice device)
{
    private const int Log2 = 12;
    private const int Runs = 3;

    /// <summary>The fastest sizes.</summary>
    public OpenClSizes Measure()
    {
        Fr[] scalars = new Fr[1 << Log2];
        G1[] multiples = new G1[1 << Log2];
        Fr scalar = ((Fr)3).Inverse();
        G1 sum = G1.Generator;
        for (int i = 0; i < scalars.Length; i++)
        {
            scalars[i] = scalar;
            scalar *= scalar + Fr.One;
            multiples[i] = sum;
            sum += G1Affine.Generator;
        }

        G1Affine[] points = new G1Affine[multiples.Length];
        G1.ToAffine(multiples, points);
        return MeasureAsync(scalars, points).AsTask().GetAwaiter().GetResult();
    }

    private async ValueTask<OpenClSizes> MeasureAsync(Fr[] scalars, G1Affine[] points)
    {
        await using IBaseSet<G1Affine> bases = await backend.LoadBasesAsync(points, CancellationToken.None);
        MemoryScalarSource source = new(scalars);
        int msm = await FastestAsync(
            (size, group) => size with { MsmGroup = group }, async () => await backend.MsmAsync(bases, source, CancellationToken.None));
        NttPlan plan = new(Log2, NttDirection.Forward);
        int ntt = await FastestAsync((size, group) => size with { NttGroup = group }, async () => await backend.NttAsync(plan, scalars, CancellationToken.None));
        return new OpenClSizes(device, msm, ntt);
    }

    private async Task<int> FastestAsync(Func<OpenClSizes, int, OpenClSizes> with, Func<Task> work)
    {
        (int Group, TimeSpan Time) best = (1, TimeSpan.MaxValue);
        foreach (int group in OpenClSizes.Candidates(device))
        {
            backend.Sizes = with(backend.Sizes, group);
            try
            {
                // The first run may compile, so it does not count.
                await work();
                for (int run = 0; run < Runs; run++)
                {
                    long start = Stopwatch.GetTimestamp();
                    await work();
                    TimeSpan time = Stopwatch.GetElapsedTime(start);
                    best = time < best.Time ? (group, time) : best;
                }
            }
            catch (OpenClException refused) when (refused.Code == InvalidWorkGroupSize)
            {
                // The kernel's registers do not suffice for so many items; a smaller size has been measured.
                break;
            }
        }

        backend.Sizes = with(backend.Sizes, best.Group);
        return best.Group;
    }

    private const int InvalidWorkGroupSize = -54;
}

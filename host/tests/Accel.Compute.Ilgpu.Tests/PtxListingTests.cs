using System.Text.RegularExpressions;
using Accel.Compute.Ilgpu.Arithmetic;
using Accel.Compute.Ilgpu.Msm;
using Accel.Compute.Ilgpu.Ntt;
using ILGPU.Runtime.Cuda;
using Xunit;

namespace Accel.Compute.Ilgpu.Tests;

/// <summary>What the CUDA driver would be given, read without one.</summary>
public sealed partial class PtxListingTests
{
    // A product: 64 pairs of low and high half for a·b and as many for m·p; the first row's 16 halves are multiplied without adding.
    private const int ProductMads = 240;
    private const int ProductMuls = 16 + 8;

    public static TheoryData<CudaArchitecture> Architectures => [CudaArchitecture.SM_90, CudaArchitecture.SM_75];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void The_multiplier_is_one_carry_chain_in_registers(CudaArchitecture architecture)
    {
        string ptx = PtxListing.Of<CombineJob>(Multiply, architecture);
        Assert.Equal(ProductMads, Mads().Count(ptx));
        Assert.Equal(ProductMuls, Muls().Count(ptx));
        AssertRegistersOnly(ptx);
        AssertUnbroken(ptx);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void The_point_addition_is_in_registers(CudaArchitecture architecture)
    {
        // A mixed addition has 10 products, the doubling that stands in for equal points 9: its ZZ is 1, but it is not told so.
        string ptx = PtxListing.Of<AccumulateJob>(BucketKernels.Accumulate, architecture);
        Assert.Equal((10 + 9) * ProductMads, Mads().Count(ptx));
        AssertRegistersOnly(ptx);
        AssertUnbroken(ptx);
        Assert.Contains(".maxntid 128", ptx, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Every_other_kernel_is_in_registers(CudaArchitecture architecture)
    {
        string[] listings =
        [
            PtxListing.Of<DigitJob>(DigitKernels.Count, architecture),
            PtxListing.Of<DigitJob>(DigitKernels.Place, architecture),
            PtxListing.Of<ScanJob>(DigitKernels.SumRuns, architecture),
            PtxListing.Of<ScanJob>(DigitKernels.ScanRuns, architecture),
            PtxListing.Of<HeadsJob>(BucketKernels.AddHeads, architecture),
            PtxListing.Of<ReduceJob>(BucketKernels.ReduceRuns, architecture),
            PtxListing.Of<PowersJob>(NttKernels.FillPowers, architecture),
            PtxListing.Of<NttPass>(NttKernels.Radix4, architecture),
            PtxListing.Of<NttPass>(NttKernels.Radix2, architecture),
            PtxListing.Of<CombineJob>(NttKernels.Combine, architecture),
        ];
        Assert.All(listings, AssertRegistersOnly);
        Assert.All(listings, AssertUnbroken);
    }

    private static void AssertRegistersOnly(string ptx)
    {
        Assert.DoesNotContain(".local", ptx, StringComparison.Ordinal);
        Assert.DoesNotMatch(Calls(), ptx);
    }

    /// <summary>Nothing stands between an instruction that leaves a carry and the one that takes it.</summary>
    private static void AssertUnbroken(string ptx)
    {
        string previous = string.Empty;
        int readers = 0;
        foreach (string line in ptx.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0))
        {
            if (CarryReaders().IsMatch(line))
            {
                readers++;
                Assert.True(previous.Contains(".cc.", StringComparison.Ordinal), $"'{line}' reads the carry after '{previous}'");
            }

            previous = line;
        }

        Assert.True(readers > 0 || !ptx.Contains("mad.", StringComparison.Ordinal));
    }

    private static void Multiply(CombineJob job) => job.C[KernelGrid.Index] = FqMath.Multiply(job.A[KernelGrid.Index], job.B[KernelGrid.Index]);

    [GeneratedRegex(@"\bmadc?\.(lo|hi)(\.cc)?\.u32")]
    private static partial Regex Mads();

    [GeneratedRegex(@"\bmul\.(lo|hi)\.u32")]
    private static partial Regex Muls();

    [GeneratedRegex(@"\bcall\b")]
    private static partial Regex Calls();

    [GeneratedRegex(@"^(madc|addc|subc)\.")]
    private static partial Regex CarryReaders();
}

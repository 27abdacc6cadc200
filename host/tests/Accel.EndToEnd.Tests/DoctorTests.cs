using Accel.Cli.Doctor;
using Accel.Testing;
using Xunit;

namespace Accel.EndToEnd.Tests;

/// <summary>What the doctor says of machines that a test makes up, folder by folder.</summary>
public sealed class DoctorTests : IDisposable
{
    private static readonly ProgramFacts Program = new([("avx2", "AVX2 and FMA", "")], HasSimulatedCard: true, OpenClVendors: null);

    private readonly TemporaryFolder _root = new();

    [Fact]
    public void A_bare_machine_lacks_everything_but_the_processor_and_every_lack_says_why()
    {
        IReadOnlyList<Diagnosis> diagnoses = Examine(Program with { HasSimulatedCard = false });
        Assert.Equal(["cpu"], diagnoses.Where(diagnosis => diagnosis.Finding == Finding.Ok).Select(diagnosis => diagnosis.Backend).Distinct());
        Assert.Equal(["cpu", "sim", "pcie", "usb", "serial", "opencl", "ilgpu"], diagnoses.Select(diagnosis => diagnosis.Backend).Distinct());
        Assert.All(diagnoses, diagnosis => Assert.NotEmpty(diagnosis.Why));
        Assert.Equal("make sim", Of(diagnoses, "sim", "the simulated card's library").Fix);
        Assert.Contains("apt-get install -y libusb-1.0-0", Of(diagnoses, "usb", "libusb-1.0").Fix, StringComparison.Ordinal);
        Assert.Contains("modprobe xdma", Of(diagnoses, "pcie", "driver xdma").Fix, StringComparison.Ordinal);
        Assert.Contains("host/udev/60-accel.rules", Of(diagnoses, "usb", "udev rule").Fix, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(OutsideData.RepositoryRoot, "host/udev/60-accel.rules")));
    }

    [Fact]
    public void A_machine_that_has_everything_needs_nothing()
    {
        Put("/sys/bus/pci/devices/0000:01:00.0/vendor", "0x10ee\n");
        Put("/sys/bus/pci/devices/0000:00:00.0/vendor", "0x8086\n");
        Put("/sys/module/xdma/version");
        Put("/dev/xdma0_user");
        Put("/dev/xdma0_h2c_0");
        Put("/usr/lib/x86_64-linux-gnu/libusb-1.0.so.0");
        Put("/etc/udev/rules.d/60-accel.rules");
        Put("/sys/bus/usb/devices/1-2/idVendor", "1d50\n");
        Put("/sys/bus/usb/devices/1-2/idProduct", "6130\n");
        Put("/sys/bus/usb/devices/1-2/busnum", "1\n");
        Put("/sys/bus/usb/devices/1-2/devnum", "12\n");
        Put("/dev/bus/usb/001/012");
        Put("/dev/ttyUSB0");
        Put("/usr/lib/libOpenCL.so.1");
        Put("/usr/lib/libpocl.so.2");
        Put("/etc/OpenCL/vendors/pocl.icd", "libpocl.so.2\n");
        Put("/usr/lib64/libcuda.so.1");
        Put("/dev/nvidiactl");
        IReadOnlyList<Diagnosis> diagnoses = Examine(Program);
        Assert.All(diagnoses, diagnosis => Assert.True(diagnosis is { Finding: Finding.Ok, Fix: null }, $"{diagnosis}"));
        Assert.Equal("0000:01:00.0", Of(diagnoses, "pcie", "a card on the bus").Detail);
        Assert.Equal("/dev/bus/usb/001/012", Of(diagnoses, "usb", "a board").Detail);
    }

    [Fact]
    public void A_file_that_is_closed_to_the_user_names_its_group_and_how_to_join_it()
    {
        Put("/dev/ttyUSB0");
        Put("/dev/xdma0_user");
        IReadOnlyList<Diagnosis> diagnoses = new Examination(new ClosedFiles(_root["."], path => path.Contains("tty", StringComparison.Ordinal) ? "dialout" : "root"), Program).Run();
        Diagnosis port = Of(diagnoses, "serial", "a port");
        Assert.Equal((Finding.NoPermission, "/dev/ttyUSB0 belongs to group dialout"), (port.Finding, port.Detail));
        Assert.StartsWith("sudo usermod -aG dialout $USER", port.Fix, StringComparison.Ordinal);
        Assert.Contains("60-accel.rules", Of(diagnoses, "pcie", "device files").Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vendors_file_that_names_an_absent_library_is_no_driver()
    {
        Put("/usr/lib/libOpenCL.so.1");
        Put("/etc/OpenCL/vendors/gone.icd", "/opt/gone/libgone.so\n");
        Diagnosis vendor = Of(Examine(Program), "opencl", "a vendor's driver");
        Assert.Equal((Finding.Missing, "/etc/OpenCL/vendors/gone.icd names /opt/gone/libgone.so, which is not there"), (vendor.Finding, vendor.Detail));
    }

    [Fact]
    public void Arithmetic_that_only_lacks_a_library_is_built()
    {
        IReadOnlyList<Diagnosis> diagnoses = Examine(Program with { Engines = [("ifma", "AVX-512 IFMA and libaccel_ifma.so", "libaccel_ifma.so"), ("avx512", "AVX-512F", "AVX-512F")] });
        Assert.Equal("make native", Of(diagnoses, "cpu", "ifma arithmetic").Fix);
        Assert.Null(Of(diagnoses, "cpu", "avx512 arithmetic").Fix);
    }

    [Fact]
    public void This_machines_own_files_have_groups()
    {
        HostFiles files = new();
        Assert.Equal("root", files.GroupOf("/etc/passwd"));
        Assert.True(files.MayUse(_root["."]));
        Assert.False(files.MayUse(_root["absent"]));
        Assert.Null(files.GroupOf(_root["absent"]));
    }

    public void Dispose() => _root.Dispose();

    private static Diagnosis Of(IReadOnlyList<Diagnosis> diagnoses, string backend, string what) =>
        Assert.Single(diagnoses, diagnosis => diagnosis.Backend == backend && diagnosis.What == what);

    private IReadOnlyList<Diagnosis> Examine(ProgramFacts program) => new Examination(new HostFiles(_root["."]), program).Run();

    private void Put(string path, string text = "")
    {
        string full = Path.Join(_root["."], path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    /// <summary>A machine on which this user may open nothing.</summary>
    private sealed class ClosedFiles(string root, Func<string, string> group) : HostFiles(root)
    {
        public override bool MayUse(string path) => false;

        public override string? GroupOf(string path) => group(path);
    }
}

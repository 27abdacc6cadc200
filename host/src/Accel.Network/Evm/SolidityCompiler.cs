using System.Diagnostics;

namespace Accel.Network.Evm;

/// <summary>Compiles Solidity with the pinned compiler and its fixed settings; the same sources give the same bytecode.</summary>
/// <param name="tools">Where the compiler is installed; <c>node</c> itself comes from the search path.</param>
/// <param name="deadline">Longest run.</param>
public sealed class SolidityCompiler(NpmTools tools, TimeSpan deadline)
{
    /// <summary>Compiles files; imports are looked up beside them, then in <c>host/contracts</c>.</summary>
    /// <param name="files">Paths of Solidity files, with distinct names.</param>
    /// <param name="outputFolder">Takes one <c>Contract.json</c> for each contract in these files.</param>
    /// <param name="cancel">Ends the compiler.</param>
    /// <exception cref="InvalidDataException">A source has errors or warnings; the message is the compiler's.</exception>
    /// <exception cref="TimeoutException">The compiler did not finish before the deadline.</exception>
    public async Task CompileAsync(IReadOnlyList<string> files, string outputFolder, CancellationToken cancel)
    {
        ProcessStartInfo start = new("node", [tools.ContractCompiler, outputFolder, .. files])
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("node did not start");
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(deadline);
        try
        {
            string messages = await process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            if (process.ExitCode != 0)
            {
                throw new InvalidDataException($"the Solidity compiler refused {string.Join(", ", files.Select(Path.GetFileName))}:\n{messages}");
            }
        }
        catch (OperationCanceledException exception) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"the Solidity compiler did not finish within {deadline.TotalSeconds:0.#} s", exception);
        }
        finally
        {
            EndProcess(process);
        }
    }

    private static void EndProcess(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }
    }
}

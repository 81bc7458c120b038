using System.Diagnostics;
using System.Globalization;
using System.Text;
using Refresh.Orchestrator.Probes;
using Refresh.Workflows.Facts;
using Xunit;

namespace Refresh.Orchestrator.Tests.Guests;

/// <summary>The guest helper for Linux, run by the sh of this machine in a root directory of its own.</summary>
public sealed class HelperScriptTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("refresh-guest-").FullName;

    public HelperScriptTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The helper for Linux needs a POSIX shell.");
        Put("etc/machine-id", "0123456789abcdef\n");
        Put("proc/stat", "cpu 1 2\nbtime 1762070400\nprocesses 3\n");
        Put("etc/refresh/image", "name=web\nversion=\"1.1.0\"\ndigest=sha256:abc\n");
    }

    public static string Script { get; } = Path.Combine(FleetFiles.Texts.Root, "samples", "guest", "refresh-identity.sh");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_prints_what_the_guest_is()
    {
        Put("etc/refresh/patches", "# fixed in this image\nCVE-2026-1\n\nCVE-2026-2 \"quoted\\\n");
        Put("sys/class/dmi/id/product_uuid", "4c4c4544-0043-3010-8052-b4c04f564433\n");
        var facts = await ReadAsync();
        Assert.Equal("web@1.1.0 (sha256:abc)", facts.Image.ToString());
        Assert.Equal("0123456789abcdef", facts.MachineId);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1762070400), facts.BootedAt);
        Assert.Equal(["CVE-2026-1", "CVE-2026-2 \"quoted\\"], facts.Patches);
        Assert.Equal("4c4c4544-0043-3010-8052-b4c04f564433", facts.Vm);
        Assert.NotNull(facts.Kernel);
        Assert.Null(facts.Reboot);
        Assert.Null(facts.Packages);
        Assert.Null(facts.Scripts);
    }

    [Fact]
    public async Task Without_a_file_of_its_own_the_image_is_the_systems()
    {
        Put("etc/refresh/image", "digest=sha256:abc\n");
        Put("usr/lib/os-release", "IMAGE_ID=vendor\nIMAGE_VERSION=0\n");
        Put("etc/os-release", "NAME='Some Linux'\nIMAGE_ID=web\nIMAGE_VERSION='2'\n");
        Assert.Equal("web@2", (await ReadAsync()).Image.Label);
    }

    [Fact]
    public async Task A_pending_reboot_is_told_with_its_packages()
    {
        Put("run/reboot-required", "");
        Put("run/reboot-required.pkgs", "linux-image\nlibc6\nlinux-image\n");
        Assert.Equal("the system asks for it: libc6 linux-image", (await ReadAsync()).Reboot);
    }

    [Fact]
    public async Task Packages_that_are_asked_for_are_told_with_their_versions()
    {
        Put("etc/refresh/packages", "openssl\nnothing-like-it\n");
        Executable("etc/refresh/package-version", "case $1 in openssl) echo 3.0.1-2 ;; *) exit 1 ;; esac");
        var packages = (await ReadAsync()).Packages!;
        Assert.Equal(("3.0.1-2", "missing"), (packages["openssl"], packages["nothing-like-it"]));
    }

    [Fact]
    public async Task Scripts_of_the_users_are_run_and_their_output_is_kept_bounded()
    {
        Executable("etc/refresh/identity.d/10-bad", "printf 'a\\tb\\n\"c\" \\\\ \\001\\n'; echo oh >&2; exit 3");
        Executable("etc/refresh/identity.d/20-long", "head -c 100000 /dev/zero | tr '\\0' x");
        Executable("etc/refresh/identity.d/30-quiet", ":");
        Put("etc/refresh/identity.d/README", "not executable");
        var scripts = (await ReadAsync()).Scripts!;
        Assert.Equal(["10-bad 3", "20-long 0", "30-quiet 0"], scripts.Select(script => string.Create(CultureInfo.InvariantCulture, $"{script.Name} {script.ExitCode}")));
        Assert.Equal("a\tb\n\"c\" \\ \noh", scripts[0].Output);
        Assert.Equal(new string('x', GuestAnswer.MaxOutput), scripts[1].Output);
        Assert.Empty(scripts[2].Output);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_no_UTF_8_is_dropped_and_the_rest_is_read(bool iconv)
    {
        Executable("etc/refresh/identity.d/10-cut", "head -c 4095 /dev/zero | tr '\\0' x; printf '\\303\\251 and more'");
        Executable("etc/refresh/identity.d/20-latin", "printf 'caf\\351 noir'");
        var scripts = Parse(await RunAsync(string.Empty, path: iconv ? null : WithoutIconv())).Scripts!;
        Assert.Equal([new string('x', 4095), "caf noir"], scripts.Select(script => script.Output));
    }

    [Theory]
    [InlineData(4093)]
    [InlineData(4094)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(5000)]
    public async Task The_exit_code_is_the_scripts_however_much_it_prints(int length)
    {
        Executable("etc/refresh/identity.d/10-bad", $"head -c {length} /dev/zero | tr '\\0' 7; exit 10");
        var script = Assert.Single((await ReadAsync()).Scripts!);
        Assert.Equal((10, Math.Min(length, GuestAnswer.MaxOutput)), (script.ExitCode, script.Output.Length));
    }

    [Fact]
    public async Task It_answers_one_HTTP_request()
    {
        var answer = await RunAsync("GET /identity HTTP/1.1\r\nHost: guest\r\n\r\n", arguments: ["--http"]);
        var (head, body) = (answer[..answer.IndexOf("\r\n\r\n", StringComparison.Ordinal)], answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
        Assert.StartsWith("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n", head, StringComparison.Ordinal);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {Encoding.UTF8.GetByteCount(body)}"), head, StringComparison.Ordinal);
        Assert.Equal("web@1.1.0", Parse(body).Image.Label);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static GuestFacts Parse(string text) => GuestAnswer.Parse(Encoding.UTF8.GetBytes(text), DateTimeOffset.UnixEpoch);

    private async Task<GuestFacts> ReadAsync() => Parse(await RunAsync(string.Empty));

    /// <summary>A directory with the usual tools but iconv.</summary>
    private string WithoutIconv()
    {
        var tools = Directory.CreateDirectory(Path.Combine(_root, "tools")).FullName;
        foreach (var tool in new[] { "sh", "tr", "sed", "awk", "tail", "sort", "date", "head", "cat", "uname", "timeout" })
            File.CreateSymbolicLink(Path.Combine(tools, tool), File.Exists($"/usr/bin/{tool}") ? $"/usr/bin/{tool}" : $"/bin/{tool}");
        return tools;
    }

    private async Task<string> RunAsync(string input, string? path = null, params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/sh", [Script, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["REFRESH_ROOT"] = _root;
        start.Environment["PATH"] = path ?? Environment.GetEnvironmentVariable("PATH");
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    private string Put(string name, string text)
    {
        var file = Path.Combine(_root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    private void Executable(string name, string script)
    {
        var file = Put(name, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }
}

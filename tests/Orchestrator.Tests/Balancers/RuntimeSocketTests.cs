using System.Net.Sockets;
using Refresh.Orchestrator.Balancers.HAProxy;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Xunit;
using Endpoint = Refresh.Workflows.Fleets.Endpoint;

namespace Refresh.Orchestrator.Tests.Balancers;

/// <summary>Sockets behind which there is no sound HAProxy.</summary>
public sealed class RuntimeSocketTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sock").FullName;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private string Name => $"unix:{_folder}/s";

    public void Dispose()
    {
        _listener.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_socket_that_never_answers_is_a_timeout()
    {
        Listen();
        var error = await ObserveAsync();
        Assert.Equal("balancer-timeout", error.Reason.Code);
        Assert.Contains(Name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_that_is_not_there_is_unreachable()
    {
        var error = await ObserveAsync();
        Assert.Equal("balancer-unreachable", error.Reason.Code);
        Assert.Contains($"HAProxy at {Name} cannot be reached: there is no such socket.", error.Message, StringComparison.Ordinal);
        Assert.Contains("try again", error.Reason.EndsWhen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\n\n")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("\n1\n# be_name srv_name\nsite a\n\n")]
    [InlineData("\n2\n# be_name srv_name\nsite a\n\n")]
    public async Task An_answer_that_is_not_one_is_an_error(string answer)
    {
        Listen();
        var serving = ServeAsync(answer);
        Assert.Equal("balancer-answer-damaged", (await ObserveAsync()).Reason.Code);
        _listener.Dispose();
        await serving;
    }

    [Theory]
    [InlineData("/run/haproxy.sock")]
    [InlineData("unix:relative")]
    [InlineData("tcp:host")]
    [InlineData("tcp:host:99999")]
    public void A_name_of_another_form_is_refused(string name) =>
        Assert.Throws<FormatException>(() => new RuntimeSocket(name, TimeSpan.FromSeconds(1), TimeProvider.System));

    private void Listen()
    {
        _listener.Bind(new UnixDomainSocketEndPoint($"{_folder}/s"));
        _listener.Listen();
    }

    private async Task ServeAsync(string answer)
    {
        try
        {
            while (true)
            {
                using var socket = await _listener.AcceptAsync(TestContext.Current.CancellationToken);
                await socket.ReceiveAsync(new byte[1024], TestContext.Current.CancellationToken);
                await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes(answer), TestContext.Current.CancellationToken);
            }
        }
        catch (SocketException)
        {
            // The test has ended.
        }
    }

    private async Task<AdapterException> ObserveAsync()
    {
        var member = new Member(LoadBalancerCompliance.A, new Endpoint("127.0.0.1", 1));
        var settings = new HAProxySettings(
            [new HAProxySockets(Name)],
            new Dictionary<MemberId, HAProxyServer> { [member.Id] = new("site", "a") },
            HAProxyDrain.State,
            [],
            TimeSpan.Zero,
            TimeSpan.FromMilliseconds(500));
        return await Assert.ThrowsAsync<AdapterException>(() =>
            new HAProxyBalancer(settings, TimeProvider.System).ObserveAsync(member, TestContext.Current.CancellationToken));
    }
}

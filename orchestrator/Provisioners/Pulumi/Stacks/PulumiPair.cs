using Refresh.Orchestrator.Provisioners.Pulumi.Documents;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Stacks;

/// <summary>The stack of one pair, and what goes with it. One operation at a time goes on in it.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="Project">The project that it is a stack of.</param>
/// <param name="Letters">Which of its members is which.</param>
/// <param name="Gate">Let through one operation at a time.</param>
internal sealed record PulumiPair(PulumiStack Stack, string Project, MemberLetters Letters, SemaphoreSlim Gate)
{
    /// <summary>Its folder among what is kept.</summary>
    public string Kept => $"{Project}.{Stack.Name}";

    /// <summary>The same pair for one who must own the fleet to change anything.</summary>
    public PulumiPair Fenced(Func<CancellationToken, Task> fence) => this with { Stack = Stack.Fenced(fence) };

    /// <exception cref="AdapterException">The state cannot be read, or the stack does not keep the contract.</exception>
    public async Task<StackView> ViewAsync(Member member, CancellationToken cancellation)
    {
        var (state, text) = await Stack.ExportAsync(cancellation);
        return await ViewAsync(member, state, text, cancellation);
    }

    public async Task<StackView> ViewAsync(Member member, StackState state, string text, CancellationToken cancellation)
    {
        var contract = StackView.ContractOf(member, Stack.Name, state);
        return StackView.Of(state, text, contract, await Letters.FindAsync(member, Stack, cancellation));
    }

    /// <summary>Does something while nothing else goes on in the stack.</summary>
    public async Task<T> AloneAsync<T>(Func<Task<T>> act, CancellationToken cancellation)
    {
        await Gate.WaitAsync(cancellation);
        try
        {
            return await act();
        }
        finally
        {
            Gate.Release();
        }
    }
}

using Refresh.Orchestrator.Provisioners.Pulumi.Documents;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Stacks;

/// <summary>A stack's state, seen from one of its members.</summary>
/// <param name="State">The state.</param>
/// <param name="Text">The state as it was printed.</param>
/// <param name="Contract">What its outputs say.</param>
/// <param name="Vm">The member's VM.</param>
/// <param name="Peer">Its peer's.</param>
internal sealed record StackView(StackState State, string Text, StackContract Contract, MemberVm Vm, MemberVm Peer)
{
    public static StackView Of(StackState state, string text, StackContract contract, char letter)
    {
        var member = contract.Get(letter);
        return new(state, text, contract, MemberVm.Of(contract, member, state), MemberVm.Of(contract, contract.PeerOf(member), state));
    }

    /// <summary>Whether the rule that keeps the two apart is in the state; true where the stack has none.</summary>
    public bool HasRule => Contract.Rule is null || State.Find(Contract.Rule) is not null;

    /// <exception cref="AdapterException">Outputs are missing.</exception>
    public static StackContract ContractOf(Member member, string stack, StackState state)
    {
        try
        {
            return StackContract.Of(state);
        }
        catch (DocumentException fault)
        {
            throw new AdapterException(
                new Reason("outputs-incomplete", $"{member.Id}: stack {stack} does not keep the contract: {fault.Message}", $"correct the program (docs/stack-contract.md), then pulumi up --stack {stack}"), fault);
        }
    }
}

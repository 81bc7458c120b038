using Refresh.Orchestrator.Provisioners.Pulumi.Cli;
using Refresh.Orchestrator.Provisioners.Pulumi.Documents;
using Refresh.Orchestrator.Provisioners.Pulumi.Guarding;
using Refresh.Orchestrator.Provisioners.Pulumi.Recovery;
using Refresh.Orchestrator.Provisioners.Pulumi.Stacks;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Checking;

/// <summary>Whether the stack of a pair can be rebuilt through. Changes nothing.</summary>
internal sealed class StackCheck(PulumiPair pair, LockFiles locks, PulumiSettings settings, ProjectFile project)
{
    public async Task<IReadOnlyList<Reason>> LookAsync(IReadOnlyList<Member> members, CancellationToken cancellation)
    {
        var found = new List<Reason>();
        try
        {
            var (state, _) = await pair.Stack.ExportAsync(cancellation);
            var config = await pair.Stack.ConfigAsync(cancellation);
            var contract = StackView.ContractOf(members[0], pair.Stack.Name, state);
            found.AddRange(Config(contract, config));
            found.AddRange(Members(members, config));
            found.AddRange(Properties(state, contract));
            found.AddRange(Pending(state));
            found.AddRange(Locks());
            if (found.Count == 0)
                found.AddRange(await PlanOfNothingAsync(state, contract, cancellation));
        }
        catch (AdapterException failure)
        {
            found.Add(failure.Reason);
        }

        return [.. found.Select(reason => reason with { Text = $"{members[0].Id.Pair}: {reason.Text}" })];
    }

    private IEnumerable<Reason> Config(StackContract contract, ConfigDocument config)
    {
        foreach (var key in ((ContractMember[])[contract.A, contract.B]).SelectMany(member => (string[])[member.NameKey, member.AddressKey, member.ImageKey]))
        {
            if (!config.Values.ContainsKey($"{pair.Project}:{key}"))
                yield return new("config-missing", $"stack {pair.Stack.Name} has no {key} in its configuration", $"pulumi config set {key} VALUE --stack {pair.Stack.Name}");
        }
    }

    private IEnumerable<Reason> Members(IReadOnlyList<Member> members, ConfigDocument config)
    {
        foreach (var member in members)
        {
            Reason? wrong = null;
            try
            {
                _ = pair.Letters.Find(member, pair.Stack.Name, config);
            }
            catch (AdapterException unknown)
            {
                wrong = unknown.Reason;
            }

            if (wrong is not null)
                yield return wrong;
        }
    }

    /// <summary>What a rebuild is read back by must be on the resources. One VM without an image was imported; two are a path that leads nowhere.</summary>
    private IEnumerable<Reason> Properties(StackState state, StackContract contract)
    {
        var vms = Vms(state, contract);
        if (vms.All(vm => vm is { Exists: true, Image: null }))
            yield return Nowhere("image", contract.Properties.Image);
        if (vms.All(vm => vm.LacksHandle))
            yield return Nowhere("moid", contract.Properties.Handle);
    }

    private Reason Nowhere(string what, string path) => new(
        "outputs-incomplete", $"the VMs of stack {pair.Stack.Name} have no property '{path}', where their {what} is to be read", $"name the right one in the output 'properties.{what}' (docs/stack-contract.md)");

    private static IReadOnlyList<MemberVm> Vms(StackState state, StackContract contract) =>
        [.. ((ContractMember[])[contract.A, contract.B]).Select(member => MemberVm.Of(contract, member, state))];

    private IEnumerable<Reason> Pending(StackState state)
    {
        if (state.Pending is [var first, ..])
            yield return new("operations-pending", $"an earlier update of stack {pair.Stack.Name} was interrupted, and no end is known of: {string.Join(", ", state.Pending)}", $"look in the cloud what became of it; then pulumi refresh --clear-pending-creates --target {first.Urn} --stack {pair.Stack.Name}");
    }

    private IEnumerable<Reason> Locks()
    {
        try
        {
            return [.. locks.Read().Select(LockHolder.Of).Select(holder => new Reason("stack-locked", $"stack {pair.Stack.Name} is locked by {holder.Evidence}", holder.State == HolderState.Alive ? "that update has ended" : $"pulumi cancel --yes --stack {pair.Stack.Name}, once it is certain that nothing works on the stack"))];
        }
        catch (DocumentException fault)
        {
            return [new("lock-damaged", fault.Message, $"pulumi cancel --yes --stack {pair.Stack.Name}, once it is certain that nothing works on the stack")];
        }
    }

    /// <summary>Without a change asked for, nothing may be planned; but a VM that an earlier attempt left half made is the next rebuild's to mend.</summary>
    private async Task<IEnumerable<Reason>> PlanOfNothingAsync(StackState state, StackContract contract, CancellationToken cancellation)
    {
        PreviewDocument preview;
        try
        {
            preview = await pair.AloneAsync(() => pair.Stack.PreviewAsync(null, null, null, cancellation), cancellation);
        }
        catch (AdapterException failure)
        {
            return failure.Reason.Code == Failures.Unexplained ? [failure.Reason, .. Requirements.Missing(settings, project, state)] : [failure.Reason];
        }

        var mended = Vms(state, contract).Where(vm => !vm.Exists || vm.IsHalfMade).Select(vm => vm.Contract.Urn).ToHashSet();
        return preview.Steps
            .Where(step => Subjects.Operation(step.Operation) != PlannedOperation.Keep && !mended.Contains(step.Urn) && !(mended.Count > 0 && contract.IsRule(step.Urn)))
            .Select(step => new Reason("plan-not-empty", $"a plan of nothing for stack {pair.Stack.Name} is not empty: {step}", Emptied(step)));
    }

    private string Emptied(PreviewStep step) => Subjects.Operation(step.Operation) is PlannedOperation.Update or PlannedOperation.Create
        ? $"apply it (pulumi up --stack {pair.Stack.Name}), or put what the provider changes by itself in ignoreChanges"
        : $"do not apply it: it is no update in place. Look why it is planned (pulumi preview --diff --stack {pair.Stack.Name}), and correct program or configuration";
}

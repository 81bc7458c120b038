using System.Text.Json;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Images.Signing;

/// <summary>A file with trusted keys that is being changed; it is written whole or not at all.</summary>
internal sealed class KeyRing
{
    private readonly List<TrustedKey> _keys;

    private KeyRing(string file, IReadOnlyList<TrustedKey> keys) => (File, _keys) = (file, [.. keys]);

    public string File { get; }

    public IReadOnlyList<TrustedKey> Keys => _keys;

    /// <exception cref="AdapterException">The file is damaged or cannot be read.</exception>
    public static Task<KeyRing> OpenAsync(string file, CancellationToken cancellation) => GuardAsync(async () =>
        new KeyRing(file, System.IO.File.Exists(file) ? (await SmallFile.ReadAsync(file, TrustedKeys.Parse, cancellation)).Keys : []));

    /// <exception cref="AdapterException">The private half cannot be written.</exception>
    public static Task WriteAsync(SigningKey key, string file, CancellationToken cancellation) => GuardAsync(async () =>
    {
        await key.WriteAsync(file, cancellation);
        return true;
    });

    /// <exception cref="AdapterException">There is such a key already, or its name will not do.</exception>
    public void Add(string id, byte[] publicKey, DateTimeOffset from, DateTimeOffset? until)
    {
        if (!TrustedKeys.Id.IsMatch(id))
            throw Failed($"'{id}' is no name of a key: write letters, digits, '.', '_' and '-'");
        if (_keys.Exists(key => key.Id == id))
            throw Failed($"{File} has a key {id} already; a new key gets a new name");
        _keys.Add(new TrustedKey(id, publicKey, from, until, null, null));
    }

    /// <exception cref="AdapterException">There is no such key.</exception>
    public void Revoke(string id, DateTimeOffset at, string why)
    {
        var place = _keys.FindIndex(key => key.Id == id);
        if (place < 0)
            throw Failed($"{File} has no key {id}; it has {(_keys.Count == 0 ? "none" : string.Join(", ", _keys.Select(key => key.Id)))}");
        _keys[place] = _keys[place] with { RevokedAt = at, Why = why };
    }

    /// <exception cref="AdapterException">The file cannot be written.</exception>
    public Task SaveAsync(CancellationToken cancellation) => GuardAsync(async () =>
    {
        var keys = _keys.Select(key => new { key.Id, Algorithm = TrustedKeys.Ed25519, key.PublicKey, key.NotBefore, key.NotAfter, key.RevokedAt, key.Why });
        var document = JsonSerializer.SerializeToUtf8Bytes(new { TrustedKeys.Format, Keys = keys }, ManifestSignatures.Json);
        TrustedKeys.Parse(document);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(File))!);
        await SmallFile.WriteAsync(File, document, cancellation);
        return true;
    });

    private static async Task<T> GuardAsync<T>(Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
        {
            throw Failed(exception.Message, exception);
        }
    }

    private static AdapterException Failed(string why, Exception? inner = null) => new(new Reason("keys-unusable", why, "that is put right, and it is done again; no key was changed"), inner);
}

using System.Security.Cryptography;
using System.Text;
using Refresh.PulumiStandIn.Cli;

namespace Refresh.PulumiStandIn.Projects;

/// <summary>The secrets of a stack under a passphrase. The format is Pulumi's; the key is derived in fewer rounds.</summary>
internal sealed class Passphrase
{
    private const int Rounds = 1_000;
    private const int TagLength = 16;
    private readonly byte[] _key;

    private Passphrase(string salt, byte[] key) => (Salt, _key) = (salt, key);

    /// <summary><c>v1:SALT:v1:NONCE:CIPHERTEXT</c>; the ciphertext is a known word, which tells a wrong passphrase.</summary>
    public string Salt { get; }

    public static Passphrase Create()
    {
        var salt = RandomNumberGenerator.GetBytes(8);
        var key = Derive(salt);
        return new($"v1:{Convert.ToBase64String(salt)}:{Encrypt(key, "pulumi")}", key);
    }

    public static Passphrase Open(string written)
    {
        var parts = written.Split(':', 3);
        var key = Derive(Convert.FromBase64String(parts[1]));
        return Decrypt(key, parts[2]) == "pulumi" ? new(written, key) : throw Refused("incorrect passphrase");
    }

    public string Encrypt(string text) => Encrypt(_key, text);

    public string Decrypt(string written) => Decrypt(_key, written) ?? throw Refused("incorrect passphrase");

    private static byte[] Derive(byte[] salt)
    {
        var phrase = Environment.GetEnvironmentVariable("PULUMI_CONFIG_PASSPHRASE")
            ?? (Environment.GetEnvironmentVariable("PULUMI_CONFIG_PASSPHRASE_FILE") is { Length: > 0 } file ? ReadFile(file) : null)
            ?? throw Refused("passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables");
        return Rfc2898DeriveBytes.Pbkdf2(phrase, salt, Rounds, HashAlgorithmName.SHA256, 32);
    }

    private static string ReadFile(string file) => File.Exists(file)
        ? File.ReadAllText(file).Trim()
        : throw Refused($"unable to read PULUMI_CONFIG_PASSPHRASE_FILE: open {file}: no such file or directory");

    private static string Encrypt(byte[] key, string text)
    {
        var nonce = RandomNumberGenerator.GetBytes(12);
        var plain = Encoding.UTF8.GetBytes(text);
        var cipher = new byte[plain.Length + TagLength];
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(nonce, plain, cipher.AsSpan(0, plain.Length), cipher.AsSpan(plain.Length));
        return $"v1:{Convert.ToBase64String(nonce)}:{Convert.ToBase64String(cipher)}";
    }

    private static string? Decrypt(byte[] key, string written)
    {
        var parts = written.Split(':');
        var cipher = Convert.FromBase64String(parts[2]);
        var plain = new byte[cipher.Length - TagLength];
        using var aes = new AesGcm(key, TagLength);
        try
        {
            aes.Decrypt(Convert.FromBase64String(parts[1]), cipher.AsSpan(0, plain.Length), cipher.AsSpan(plain.Length), plain);
            return Encoding.UTF8.GetString(plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static PulumiFailure Refused(string why) => new($"getting stack configuration: get stack secrets manager: {why}");
}

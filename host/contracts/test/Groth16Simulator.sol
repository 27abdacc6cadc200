// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

uint256 constant R = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001;
uint256 constant Q = 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47;

/// @notice Groth16 keys whose trapdoor is known, so that a proof of any inputs can be simulated (Groth, eprint 2016/260, section 3.2). The
///         exponents in G2 are small, since the EVM cannot multiply there; no verifier can tell.
library Groth16Simulator {
    struct Setup {
        uint256 alpha;
        uint256 beta;
        uint256 gamma;
        uint256 delta;
        uint256[] ic;
    }

    function create(uint256 seed, uint256 inputCount) internal pure returns (Setup memory setup) {
        setup.alpha = scalar(seed, 0);
        setup.beta = 1 + seed % 6;
        setup.gamma = 1 + seed / 6 % 6;
        setup.delta = 1 + seed / 36 % 6;
        setup.ic = new uint256[](inputCount + 1);
        for (uint256 i = 0; i <= inputCount; i++) {
            setup.ic[i] = scalar(seed, 1 + i);
        }
    }

    /// Alpha, beta, gamma, delta, IC.
    function key(Setup memory setup) internal view returns (uint256[] memory words) {
        words = new uint256[](14 + 2 * setup.ic.length);
        (words[0], words[1]) = g1(setup.alpha);
        uint256[4] memory beta = g2(setup.beta);
        uint256[4] memory gamma = g2(setup.gamma);
        uint256[4] memory delta = g2(setup.delta);
        for (uint256 i = 0; i < 4; i++) {
            (words[2 + i], words[6 + i], words[10 + i]) = (beta[i], gamma[i], delta[i]);
        }
        for (uint256 i = 0; i < setup.ic.length; i++) {
            (words[14 + 2 * i], words[15 + 2 * i]) = g1(setup.ic[i]);
        }
    }

    /// A proof of the inputs from `start` on; another seed gives another proof of the same.
    function prove(Setup memory setup, uint256[] memory inputs, uint256 start, uint256 seed)
        internal
        view
        returns (uint256[8] memory proof)
    {
        uint256 a = scalar(seed, 1000);
        uint256 b = 1 + seed % 6;
        uint256 sum = setup.ic[0];
        for (uint256 i = 1; i < setup.ic.length; i++) {
            sum = addmod(sum, mulmod(inputs[start + i - 1], setup.ic[i], R), R);
        }
        uint256 c = addmod(mulmod(a, b, R), R - mulmod(setup.alpha, setup.beta, R), R);
        c = mulmod(addmod(c, R - mulmod(sum, setup.gamma, R), R), inverse(setup.delta), R);
        (proof[0], proof[1]) = g1(a);
        uint256[4] memory point = g2(b);
        for (uint256 i = 0; i < 4; i++) {
            proof[2 + i] = point[i];
        }
        (proof[6], proof[7]) = g1(c);
    }

    function g1(uint256 k) internal view returns (uint256 x, uint256 y) {
        (bool ok, bytes memory answer) = address(7).staticcall(abi.encode(1, 2, k));
        require(ok, "precompile 7");
        return abi.decode(answer, (uint256, uint256));
    }

    function add(uint256 x, uint256 y, uint256 u, uint256 v) internal view returns (uint256, uint256) {
        (bool ok, bytes memory answer) = address(6).staticcall(abi.encode(x, y, u, v));
        require(ok, "precompile 6");
        return abi.decode(answer, (uint256, uint256));
    }

    /// k times the generator of G2, imaginary parts first.
    function g2(uint256 k) internal pure returns (uint256[4] memory) {
        if (k == 1) return [
            uint256(0x198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2),
            0x1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed,
            0x090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b,
            0x12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa
        ];
        if (k == 2) return [
            uint256(0x203e205db4f19b37b60121b83a7333706db86431c6d835849957ed8c3928ad79),
            0x27dc7234fd11d3e8c36c59277c3e6f149d5cd3cfa9a62aee49f8130962b4b3b9,
            0x195e8aa5b7827463722b8c153931579d3505566b4edf48d498e185f0509de152,
            0x04bb53b8977e5f92a0bc372742c4830944a59b4fe6b1c0466e2a6dad122b5d2e
        ];
        if (k == 3) return [
            uint256(0x1014772f57bb9742735191cd5dcfe4ebbc04156b6878a0a7c9824f32ffb66e85),
            0x06064e784db10e9051e52826e192715e8d7e478cb09a5e0012defa0694fbc7f5,
            0x021e2335f3354bb7922ffcc2f38d3323dd9453ac49b55441452aeaca147711b2,
            0x058e1d5681b5b9e0074b0f9c8d2c68a069b920d74521e79765036d57666c5597
        ];
        if (k == 4) return [
            uint256(0x290668479e567ad5a2485a93f976d784206f66f690a18c3f5a6d85c29571236f),
            0x29dddbf86f6a2f47c38063a850ccc442131570e5084c45fd7709b4ddb436e22c,
            0x1e74a4bf519c267a5b16431b2413b00402d4d3b670c9414b8efff5bee661a8f6,
            0x299f0af7f72b3a93ca7c3cc32443c83b05d041bd14276e5adca2546728bc37f7
        ];
        if (k == 5) return [
            uint256(0x0a09ccf561b55fd99d1c1208dee1162457b57ac5af3759d50671e510e428b2a1),
            0x2e539c423b302d13f4e5773c603948eaf5db5df8ae8a9a9113708390a06410d8,
            0x19b763513924a736e4eebd0d78c91c1bc1d657fee4214057d21414011cfcc763,
            0x2f8d9f9ab83727c77a2fec063cb7b6e5eb23044ccf535ad49d46d394fb6f6bf6
        ];
        if (k == 6) return [
            uint256(0x1b4b60273ae700a7e2ffc04e19e316074a5977c8da56b75675927e2eee23772e),
            0x1687f985433b446b85eb6d0a574fc152f681c032d27e6207569faca9c8329b96,
            0x1e7cf2fd8b4bc0d81e4719f009a5ecb7d925c970bc57889f3627d86629dc31d8,
            0x24fb6baf4cf6d7ca7eaa668cda36d088502b3587667b6eb8f2b874622575e586
        ];
        revert("1 to 6");
    }

    function scalar(uint256 seed, uint256 index) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, index))) % R;
    }

    function inverse(uint256 value) internal view returns (uint256) {
        (bool ok, bytes memory answer) = address(5).staticcall(abi.encode(32, 32, 32, value, R - 2, R));
        require(ok, "precompile 5");
        return abi.decode(answer, (uint256));
    }
}

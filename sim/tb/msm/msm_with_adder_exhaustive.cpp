// msm_engine with point_adder: every short sum on tiny curves.
#include "Vmsm_with_adder_top.h"
#include "msm_exhaustive.hpp"

int main(int argc, char** argv) { return msm::exhaustive<Vmsm_with_adder_top>(argc, argv); }

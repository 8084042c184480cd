-- Nested counting loops with arithmetic on locals: loop.c0.
local function main()
  local total = 0
  local i = 0
  while i < 10000 do
    local j = 0
    while j < 10000 do
      if j & 7 == 3 then
        total = total + i
      else
        total = total + j
      end
      total = total & 0xfffffff
      j = j + 1
    end
    i = i + 1
  end
  return total
end

print(main())
